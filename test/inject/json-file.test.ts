import { InjectError } from '../../src/inject';
import { parseJsonFile } from '../../src/inject/project/json-file';

const COMMENT = '/* not plain */ ';

describe('a file of plain JSON and the same with a comment, which take different parsers', () => {
  test.each([
    ['{"servicemarket": false, "servicemarket": true}', 'a key that is there twice'],
    ['{"__proto__": {"servicemarket": true}, "pages": ["a"]}', '__proto__ as a key'],
    ['{"a": [1, -2.5e3, "\\u00e9\\n", null, true, {}], "": {"b": []}}', 'every kind of value'],
  ])('have the same value: %s (%s)', (text) => {
    const [plain, commented] = [text, COMMENT + text].map((each) => parseJsonFile('app.json', each).value);
    expect(JSON.stringify(plain)).toBe(JSON.stringify(commented));
    expect(plain.servicemarket).toBe(commented.servicemarket);
  });

  test('have the same positions', () => {
    const text = '{"pages": ["a"],\n "subpackages": [{"root": "b"}]}';
    const [plain, commented] = [text, `\n${text}`].map((each) => parseJsonFile('app.json', each));
    expect(plain.locate(['subpackages', 0, 'root'], 'key')).toEqual({
      file: 'app.json',
      line: 2,
      column: 19,
    });
    expect(commented.node(['subpackages', 0])?.offset).toBe(
      (plain.node(['subpackages', 0])?.offset as number) + 1,
    );
  });
});

test.each(['', ' \n', '[]', '"{}"', 'null', '1', '{"a": 1,,}', '{"a": 1} {}', '{'])(
  'what holds no object is refused: %j',
  (text) => {
    expect(() => parseJsonFile('app.json', text)).toThrow(InjectError);
  },
);

test('a byte order mark and a trailing comma are accepted', () => {
  expect(parseJsonFile('app.json', '\uFEFF{"pages": ["a",],}').value.pages).toEqual(['a']);
});
