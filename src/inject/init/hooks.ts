import { applyEdits, modify } from 'jsonc-parser';
import { InjectError } from '../errors';
import { parseJsonFile } from '../project/json-file';
import { PROJECT_CONFIG_NAME, readProjectConfig } from '../project/project-config';
import type { JsonFile } from '../../json';
import type { ProjectFiles } from '../project/files';

/** DevTools runs these in a shell, in the project's folder; miniprogram-ci runs none of them. */
const HOOKS = ['beforeCompile', 'beforePreview', 'beforeUpload'];
const COMMAND = 'npx miniprogram-servicemarket inject';
const OURS = /\bminiprogram-servicemarket inject\b/;

/** @returns whether every hook of project.config.json injects */
export function hasHooks(files: ProjectFiles): boolean {
  const scripts = readProjectConfig(files)?.value.scripts as Record<string, unknown> | undefined;
  return HOOKS.every((hook) => OURS.test(String(scripts?.[hook] ?? '')));
}

/**
 * Adds the hooks to project.config.json; a command that is there runs first, and every other byte stays.
 *
 * @throws InjectError when `scripts` or a hook is not what DevTools accepts
 */
export function addHooks(text: string): string {
  const file = parseJsonFile(PROJECT_CONFIG_NAME, text);
  requireType(file, ['scripts'], 'object');
  for (const hook of HOOKS) requireType(file, ['scripts', hook], 'string');
  return HOOKS.reduce((current, hook) => addHook(parseJsonFile(PROJECT_CONFIG_NAME, current), hook), text);
}

function requireType(file: JsonFile, path: string[], type: 'object' | 'string'): void {
  const node = file.node(path);
  if (!node || node.type === type) return;
  const values = { path: path.join('.'), found: node.type, wanted: type };
  throw new InjectError('hookIsNoText', values, file.locate(path));
}

function addHook(file: JsonFile, hook: string): string {
  const before = (file.node(['scripts', hook])?.value ?? '') as string;
  if (OURS.test(before)) return file.text;
  const command = before.trim() ? `${before} && ${COMMAND}` : COMMAND;
  const mark = file.text.charCodeAt(0) === 0xfeff ? '\uFEFF' : '';
  const body = file.text.slice(mark.length);
  return (
    mark +
    applyEdits(body, modify(body, ['scripts', hook], command, { formattingOptions: formattingOf(body) }))
  );
}

function formattingOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
