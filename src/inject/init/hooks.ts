import { posix } from 'node:path';
import { InjectError } from '../errors';
import { parseJsonFile } from '../project/json-file';
import { PROJECT_CONFIG_NAME, readProjectConfig } from '../project/project-config';
import type { JsonFile } from '../../json';
import type { ProjectFiles } from '../project/files';
import { setJsonValue } from './json-edits';

/** DevTools runs these in a shell, in the project's folder; miniprogram-ci runs none of them. */
const HOOKS = ['beforeCompile', 'beforePreview', 'beforeUpload'];
const COMMAND = 'npx miniprogram-servicemarket inject';
const SCRIPT = 'node_modules/miniprogram-servicemarket/dist/node/cli.js';
const OURS = /\bminiprogram-servicemarket inject\b/;
const WRITTEN = new RegExp(`(?:^| && )(?:${COMMAND}|\\(${COMMAND} \\|\\| "[^"]+" ${SCRIPT} inject\\))( ?)$`);

/** Where a program that was not started from a shell looks for others. */
const SYSTEM_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/**
 * The command of a hook. DevTools for macOS knows nothing of the shell's PATH (its own documentation says so), so that
 * a Node of nvm, Homebrew and the like is named by its path as well; on another machine the first half counts.
 *
 * @param node - absolute path of the Node that runs
 */
export function hookCommand(node = process.execPath, platform: NodeJS.Platform = process.platform): string {
  const isFound = platform === 'win32' || SYSTEM_FOLDERS.includes(posix.dirname(node));
  return isFound ? COMMAND : `(${COMMAND} || "${node}" ${SCRIPT} inject)`;
}

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
  const command = before.trim() ? `${before} && ${hookCommand()}` : hookCommand();
  // DevTools writes empty hooks: a blank behind the command says that one was there.
  return setJsonValue(
    file.text,
    ['scripts', hook],
    file.node(['scripts', hook]) && !before ? `${command} ` : command,
  );
}

/** Takes out what {@link addHooks} put in; a hook that its owner has changed since stays. */
export function removeHooks(text: string): string {
  const without = HOOKS.reduce((current, hook) => {
    const command = parseJsonFile(PROJECT_CONFIG_NAME, current).node(['scripts', hook])?.value;
    const [ours, blank] = (typeof command === 'string' && WRITTEN.exec(command)) || [];
    if (ours === undefined) return current;
    const before = (command as string).slice(0, -ours.length);
    return setJsonValue(current, ['scripts', hook], before || blank ? before : undefined);
  }, text);
  const { scripts } = parseJsonFile(PROJECT_CONFIG_NAME, without).value;
  const isEmpty = without !== text && JSON.stringify(scripts) === '{}';
  return isEmpty ? setJsonValue(without, ['scripts'], undefined) : without;
}
