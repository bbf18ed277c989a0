/** What an editor shows while a call is typed: names that complete, and the texts of hovers. */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ROOT } from '../support/files';

const TYPES = path.join(ROOT, 'dist/types');
const PAGE = path.join(ROOT, 'page.ts');
const ENTRIES = {
  global: { imports: '', market: 'wx.serviceMarket' },
  import: { imports: "import * as market from 'miniprogram-servicemarket';", market: 'market' },
  plugin: {
    imports: "import { serviceMarket } from 'miniprogram-servicemarket/plugin';",
    market: 'serviceMarket',
  },
};

let source = '';
let version = 0;
const files = [PAGE, path.join(TYPES, 'typings.d.ts'), path.join(ROOT, 'wx.d.ts')];
const texts: Record<string, () => string> = {
  [PAGE]: () => source,
  [files[2]]: () => 'declare const wx: WechatMiniprogram.Wx;',
};
const service = ts.createLanguageService({
  getCompilationSettings: () => ({
    ...{ strict: true, target: ts.ScriptTarget.ES2020, lib: ['lib.es2020.d.ts'], types: [] },
    ...{ module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  }),
  getScriptFileNames: () => files,
  getScriptVersion: (file) => (file === PAGE ? String(version) : '1'),
  getScriptSnapshot: (file) => {
    const text = texts[file]?.() ?? (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => ROOT,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (file) => file in texts || ts.sys.fileExists(file),
  readFile: (file) => texts[file]?.() ?? ts.sys.readFile(file),
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
});

/** Opens a page; returns the place of `|` in it. */
function open(text: string): number {
  const at = text.indexOf('|');
  source = text.replace('|', '');
  version++;
  return at;
}

/** The names that complete at `|`. */
function completionsAt(text: string): string[] {
  const { entries = [] } = service.getCompletionsAtPosition(PAGE, open(text), {}) ?? {};
  return entries.map(({ name }) => name);
}

/** The text of the hover at `|`. */
function hoverAt(text: string): string {
  const { documentation, tags } = service.getQuickInfoAtPosition(PAGE, open(text)) ?? {};
  return [documentation, ...(tags ?? []).map((tag) => tag.text)].map(ts.displayPartsToString).join('\n');
}

describe.each(Object.entries(ENTRIES))('%s', (_entry, { imports, market }) => {
  const call = (options: string, rest = ';'): string =>
    `${imports}\n${market}.invokeService({${options}})${rest}`;
  const OCR = "service: 'wx79ac3de8be320b71', api: 'OcrAllInOne'";

  test('completes the services', () => {
    const known = ['wx79ac3de8be320b71', 'wxee446d7507c68b11', 'wxc1c68623b7bdea7b'];
    expect(completionsAt(call("service: '|'"))).toEqual(known);
  });

  test('completes the apis of a service', () => {
    expect(completionsAt(call("service: 'wxc1c68623b7bdea7b', api: '|'"))).toEqual(['poiSearch', 'rgeoc']);
  });

  test('completes the fields of data', () => {
    expect(completionsAt(call(`${OCR}, data: { | }`))).toEqual(['data_type', 'img_url', 'ocr_type']);
  });

  test('completes the answer', () => {
    const data = "data: { img_url: 'https://a.cn', data_type: 3, ocr_type: 8 }";
    expect(completionsAt(call(`${OCR}, ${data}`, '.then(({ data }) => data.|);'))).toEqual(['ocr_comm_res']);
  });

  test("says what a member does in the platform's manner", () => {
    const text = hoverAt(call(OCR).replace('invokeService', 'invoke|Service'));
    const places = [
      /\(https:\/\/developers\.weixin\.qq\.com\/miniprogram\/dev\//,
      /调用服务提供商提供的 API/,
      /Calls a service of the market/,
      /最低基础库：`\d/,
      /Least base library: `\d/,
    ].map((part) => text.search(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});

const declarations = fs.readdirSync(TYPES).filter((name) => /\.d\.m?ts$/.test(name));
test.each(declarations)("%s speaks to its reader, not of the project's own papers", (name) => {
  const text = fs.readFileSync(path.join(TYPES, name), 'utf8');
  expect(text.match(/\b[Pp]rotocol \d+|design\.md|eslint|money rule \d/g)).toBeNull();
});
