/** The code samples of a page of documentation, and projects made of them. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ts from 'typescript';

export const ROOT = path.join(__dirname, '../..');

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

/** A mini-program whose pages are the named samples, with the package where "Build npm" puts it. */
export function projectOf(samples: Sample[]): { folder: string; pages: string[] } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'servicemarket-docs-'));
  const pages = samples.flatMap(({ file }) => (file ? [file.replace(/\.js$/, '')] : []));
  write(folder, 'app.json', JSON.stringify({ pages, servicemarket: true }));
  write(folder, 'app.js', 'App({});');
  for (const { file, code } of samples) if (file) write(folder, file, toCommonJS(code));
  fs.cpSync(
    path.join(ROOT, 'miniprogram_dist'),
    path.join(folder, 'miniprogram_npm/miniprogram-servicemarket'),
    { recursive: true },
  );
  return { folder, pages };
}

function write(folder: string, file: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  fs.writeFileSync(path.join(folder, file), text);
}

/** What the developer tools make of a page's ES module. */
function toCommonJS(code: string): string {
  const { CommonJS } = ts.ModuleKind;
  return ts.transpileModule(code, { compilerOptions: { module: CommonJS, target: ts.ScriptTarget.ES2017 } })
    .outputText;
}
