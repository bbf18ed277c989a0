/** The code samples of a page of documentation, and projects made of them. */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ROOT, temporaryFolder, writeFiles } from './files';

export interface Sample {
  language: string;
  code: string;
  /** The file that its first line names, as in `// pages/ocr/ocr.js`. */
  file?: string;
}

/** The fenced blocks of a Markdown file, in order. */
export function samplesOf(document: string): Sample[] {
  const text = fs.readFileSync(path.join(ROOT, document), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language, code]) => ({
    language,
    code,
    file: /^\/\/ (\S+\.js)\n/.exec(code)?.[1],
  }));
}

export type Part = 'pages/' | 'plugin/' | 'app.js';

/**
 * A mini-program, with the plugin `ocr` where that is a part, made of a document's samples that are files of the
 * given parts; with the package where "Build npm" puts it.
 *
 * @returns its folder
 */
export function projectOf(document: string, parts: Part[]): string {
  const folder = temporaryFolder();
  const samples = samplesOf(document).filter(({ file }) => parts.some((part) => file?.startsWith(part)));
  const files = samples.map(({ file = '' }) => file);
  const pages = files.filter((file) => file.startsWith('pages/')).map((file) => file.replace(/\.js$/, ''));
  writeFiles(folder, { 'app.json': JSON.stringify({ pages, servicemarket: true }), 'app.js': 'App({});' });
  if (parts.includes('plugin/')) addPlugin(folder, pages);
  for (const { file, code } of samples) writeFiles(folder, { [file as string]: toCommonJS(code) });
  buildNpm(folder);
  return folder;
}

function addPlugin(folder: string, pages: string[]): void {
  const plugins = { ocr: { version: 'dev', provider: 'wxplugin' } };
  writeFiles(folder, {
    'app.json': JSON.stringify({ pages, plugins }),
    'project.config.json': '{"compileType": "plugin", "appid": "wxplugin", "pluginRoot": "plugin"}',
    'plugin/plugin.json': '{"main": "index.js"}',
  });
  buildNpm(path.join(folder, 'plugin'));
}

function buildNpm(folder: string): void {
  const npm = path.join(folder, 'miniprogram_npm/miniprogram-servicemarket');
  fs.cpSync(path.join(ROOT, 'miniprogram_dist'), npm, { recursive: true });
}

/** What the developer tools make of a page's ES module. */
function toCommonJS(code: string): string {
  const { CommonJS } = ts.ModuleKind;
  return ts.transpileModule(code, { compilerOptions: { module: CommonJS, target: ts.ScriptTarget.ES2017 } })
    .outputText;
}
