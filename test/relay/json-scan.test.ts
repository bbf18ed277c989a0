/** What is known of a JSON string before it is parsed, against what a plain reader says. */
import { countValues, isDeeperThan } from '../../src/invocation/json-scan';
import { fc } from '../support/random';

/** The characters outside strings, one by one, up to a bracket that closes nothing. */
function outsideStrings(json: string): string {
  let rest = '';
  let depth = 0;
  for (let i = 0, isInString = false; i < json.length; i++) {
    if (json[i] === '"') isInString = !isInString;
    else if (isInString) i += json[i] === '\\' ? 1 : 0;
    else {
      depth += changeBy(json[i]);
      if (depth < 0) return rest;
      rest += json[i];
    }
  }
  return rest;
}

function changeBy(char: string): number {
  return '[{'.includes(char) ? 1 : ']}'.includes(char) ? -1 : 0;
}

function depthOf(json: string): number {
  let [depth, deepest] = [0, 0];
  for (const char of outsideStrings(json)) {
    depth += changeBy(char);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

// Quotes, backslashes and brackets in every order, also where they make no JSON.
const scraps = fc
  .array(fc.constantFrom('"', '\\', '\\"', '\\\\', '[', ']', '{', '}', ',', 'x', '中'), { maxLength: 60 })
  .map((pieces) => pieces.join(''));
const texts = fc.oneof(fc.json({ maxDepth: 8 }), scraps);

test('values are commas and opening brackets outside strings', () => {
  fc.assert(
    fc.property(texts, (json) => {
      expect(countValues(json, Infinity)).toBe(outsideStrings(json).replace(/[^,[{]/g, '').length);
    }),
  );
});

test('no JSON has more values than are counted, but the root', () => {
  const sizeOf = (value: unknown): number =>
    value !== null && typeof value === 'object'
      ? Object.values(value).reduce((sum: number, each) => sum + sizeOf(each), 1)
      : 1;
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(countValues(json, Infinity) + 1).toBeGreaterThanOrEqual(sizeOf(JSON.parse(json)));
    }),
  );
});

test('nothing is counted beyond the bound', () => {
  expect(countValues('[,,,,,,', 3)).toBe(4);
});

test('levels are those outside strings', () => {
  fc.assert(
    fc.property(texts, fc.nat(8), (json, max) => {
      expect(isDeeperThan(json, max)).toBe(depthOf(json) > max);
    }),
  );
});
