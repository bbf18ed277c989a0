import { addReExport, removeReExport } from '../../src/inject/edits/re-export';

const PATH = './servicemarket-compat.js';
const REQUIRED = `;(function(m){try{m.exports.connectServiceMarket=require("${PATH}").connectServiceMarket}catch(e){}})(module);`;
const EXPORTED = `;export{connectServiceMarket}from"${PATH}";`;

// `§` stands for the place of the statement, `¶` for one on a line of its own.
const cases: [name: string, source: string, statement: string][] = [
  ['CommonJS', 'module.exports = { a: 1 }§', REQUIRED],
  ['CommonJS with a line break at its end', 'exports.a = 1;\r\n§', REQUIRED],
  ['nothing', '§', REQUIRED],
  ['a comment at its end', 'exports.a = 1; // why¶', REQUIRED],
  ['an address at its end', "exports.a = 'https://a.example'¶", REQUIRED],
  ['a source map', 'exports.a = 1;\n§//# sourceMappingURL=index.js.map\n', REQUIRED],
  [
    'the word sourceMappingURL before code',
    'exports.a = 1;\n//# sourceMappingURL=x.map\nexports.b = 1;§',
    REQUIRED,
  ],
  ['an ES module', 'export const a = 1;\n§', EXPORTED],
  ['TypeScript', 'export const a: number = 1§', EXPORTED],
];

describe('the export of a plugin’s main', () => {
  test.each(cases)('in %s', (_name, marked, statement) => {
    const source = marked.replace(/[§¶]/, '');
    const injected = marked.replace('§', statement).replace('¶', `\n${statement}//`);
    expect(addReExport(source, PATH)).toBe(injected);
    expect(addReExport(injected, PATH)).toBe(injected);
    expect(removeReExport(injected)).toBe(source);
    expect(removeReExport(source)).toBe(source);
  });

  test('stays as it is where Git has changed the line end before it', () => {
    const injected = `exports.a = 1; // why\r\n${REQUIRED}//`;
    expect(addReExport(injected, PATH)).toBe(injected);
    expect(removeReExport(injected)).toBe('exports.a = 1; // why');
  });

  test('is left to an author who knows the word', () => {
    const source = "exports.connectServiceMarket = require('miniprogram-servicemarket/plugin')";
    expect(addReExport(source, PATH)).toBe(source);
  });

  test('follows a main that moved or became a module', () => {
    const moved = addReExport('exports.a = 1;', '../../servicemarket-compat.js');
    expect(addReExport(moved, PATH)).toBe(`exports.a = 1;${REQUIRED}`);
    expect(addReExport(`${REQUIRED}\nexport {}`, PATH)).toBe(`\nexport {}${EXPORTED}`);
  });

  test('adds to what main exports, and never stops main', () => {
    const run = (source: string, require: (path: string) => unknown) => {
      const module = { exports: {} as unknown };
      new Function('module', 'exports', 'require', addReExport(source, PATH))(
        module,
        module.exports,
        require,
      );
      return module.exports;
    };
    const connectServiceMarket = () => undefined;
    const require = (path: string) => (path === PATH ? { connectServiceMarket } : undefined);
    expect(run('module.exports = { a: 1 }', require)).toEqual({ a: 1, connectServiceMarket });
    expect(run('exports.a = 1 // b', require)).toEqual({ a: 1, connectServiceMarket });
    expect(run('module.exports = null', require)).toBe(null);
  });
});
