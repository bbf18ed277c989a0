import { addLoadStatement, removeLoadStatement, specifierOf } from '../../src/inject/edits/load-statement';

const PATH = './servicemarket-compat.js';
const REQUIRE = `;require("${PATH}");`;
const IMPORT = `import "${PATH}";`;

// `§` stands for the place of the statement.
const requires: [name: string, source: string][] = [
  ['plain code', '§App({})'],
  ['an empty file', '§'],
  ['a byte order mark', '\uFEFF§App({})'],
  ['a hashbang', '#!/usr/bin/env node\n§App({})'],
  ['a hashbang with CRLF', '#!x\r\n§App({})'],
  ['a directive', '"use strict"§;\nApp({})'],
  ['a directive without semicolon', "'use strict'§\nApp({})"],
  ['a directive at the end of the file', "'use strict'§"],
  ['a directive behind comments', '/* a\n b */ // c\n"use strict"§; App({})'],
  ['two directives', '"use strict";\n"use asm"§;'],
  ['a directive and a comment on its line', '"use strict"§ // why\nApp({})'],
  ['a directive and a mark and CRLF', '\uFEFF"use strict"§;\r\nApp({})\r\n'],
  ['a string that is no directive', '§"a".length\nApp({})'],
  ['a string that goes on in the next line', '§"a"\n+ b'],
  ['a comma expression', '§"use strict", App({})'],
  ['a licence comment', '§/*! licence */\nApp({})'],
  ['the word import in a comment', '§// import x from "y"\nApp({})'],
  ['the word export in a string', "§App({a: '\\nexport default 1'})"],
  ['a dynamic import', '§import("./x").then(App)'],
  ['import.meta', '§console.log(import.meta.url)'],
  ['JSX with an apostrophe and the word export', "§App({ r() { return <view>don't export</view> } })"],
  ['a namespace of TypeScript that exports', '§namespace N { export const a = 1 }'],
  ['the word import in a regular expression', '§App({ a: /;import a/ })'],
  ['a property named export behind a dot', '§a.export\n= 1'],
  ['a property named import', '§App({\nimport: 1,\nexport: 2 })'],
  ['sloppy code', '§with (a) { var import_ = 010 }; // import'],
  ['TypeScript without modules', '§const a: number = 1 as any // export\nApp<{ a: number }>({ a })'],
  ['TypeScript with a type import expression', '§type A = import("./a").A\nApp({})'],
  ['a reference for TypeScript', '/// <reference path="x.d.ts" />\n§App<{}>({})'],
  ['ts-nocheck', '// first\n// @ts-nocheck\r\n§App({})'],
  ['a comment that only speaks of it', '§/* not // @ts-nocheck */\nApp({})'],
  ['a reference in the file’s last, unfinished line', '§/// <reference path="x.d.ts" />'],
];
const imports: typeof requires = [
  ['an import', '§import u from "./u"\nApp({})'],
  ['an import behind code', '§App({})\nimport u from "./u"'],
  ['an export', '§export default 1'],
  ['a directive before an import', '"use strict"§\nimport u from "./u"'],
  ['TypeScript with an import', '§import { a } from "./a"\nconst b: number = a\nApp<{}>({})'],
  ['TypeScript with import type', '§import type { A } from "./a"\nlet a!: A'],
  ['TypeScript with an export', '§interface A { a: string }\nexport const a: A = { a: `import` }'],
  ['TypeScript with export =', '§const a = <any>1; export = a'],
  ['TypeScript with import =', '§import a = require("./a")\nApp({ a })'],
  ['Flow with import typeof', '§import typeof A from "./a"'],
  ['an export behind JSX with an apostrophe', "§const a = <view>don't</view>\nexport default a"],
  ['an export behind a regular expression with a quote', '§const a = /["]/\nexport default a'],
  ['an export behind a template', '§const a = `${{ b: `}` }.b}`\nexport default a'],
  ['a decorated class', '§import { d } from "./d";\n@d class A {}'],
];

const cases = [...requires.map((row) => [...row, REQUIRE]), ...imports.map((row) => [...row, IMPORT])];

describe('the statement', () => {
  test.each(cases)('in a file with %s', (_name, marked, statement) => {
    const at = marked.indexOf('§');
    const source = marked.slice(0, at) + marked.slice(at + 1);
    const guard = statement === IMPORT && /"use strict"§/.test(marked) ? ';' : '';
    const injected = marked.slice(0, at) + guard + statement + marked.slice(at + 1);
    expect(addLoadStatement(source, PATH, 'app.js')).toBe(injected);
    expect(addLoadStatement(injected, PATH, 'app.js')).toBe(injected);
    expect(removeLoadStatement(injected)).toBe(source);
    expect(removeLoadStatement(source)).toBe(source);
  });

  test('follows the file when it moved or became a module', () => {
    expect(addLoadStatement(';require("../../servicemarket-compat.js");App({})', PATH, 'app.js')).toBe(
      `${REQUIRE}App({})`,
    );
    expect(addLoadStatement(`${REQUIRE}export {}`, PATH, 'app.js')).toBe(`${IMPORT}export {}`);
  });

  test.each([
    '',
    ';',
    'import',
    'require',
    'require(',
    'require("./servicemarket-compat.js"',
    'require("./servicemarket-compatXjs");',
    'import "./servicemarket-compatXjs";',
    'import "servicemarket-compat.js";',
    'import("./servicemarket-compat.js");',
  ])('is not seen in %j', (source) => expect(removeLoadStatement(source)).toBe(source));

  test('refuses a file whose only line is a hashbang', () => {
    expect(() => addLoadStatement('#!node', PATH, 'app.js')).toThrow(
      'app.js:1: the file is a hashbang line without an end',
    );
  });

  test.each([
    ['app.js', 'servicemarket-compat.js', './servicemarket-compat.js'],
    ['a/b/c.js', 'a/servicemarket-compat.js', '../servicemarket-compat.js'],
    ['a/b/c/d.ts', 'a/servicemarket-compat.js', '../../servicemarket-compat.js'],
  ])('names the copy from %s', (script, injected, specifier) => {
    expect(specifierOf(script, injected)).toBe(specifier);
  });
});
