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

/**
 * A mini-program made of a document's samples that are pages, with the package where "Build npm" puts it.
 *
 * @returns its folder
 */
export function projectOf(document: string): string {
  const folder = temporaryFolder();
  const samples = samplesOf(document).filter(({ file }) => file?.startsWith('pages/'));
  const pages = samples.map(({ file = '' }) => file.replace(/\.js$/, ''));
  writeFiles(folder, { 'app.json': JSON.stringify({ pages, servicemarket: true }), 'app.js': 'App({});' });
  for (const { file, code } of samples) writeFiles(folder, { [file as string]: toCommonJS(code) });
  buildNpm(folder);
  return folder;
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
