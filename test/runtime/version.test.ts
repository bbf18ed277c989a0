/** compareVersions: number by number. */
import { compareVersions } from '../../src/protocol';

test.each([
  ['2.10.0', '2.9.4', 1],
  ['2.9.4', '2.10.0', -1],
  ['2.11.1', '2.11.1', 0],
  ['2.9', '2.9.0', 0],
  ['3.0.0', '2.30.3', 1],
  ['', '0.0.0', 0],
  ['', '2.0.0', -1],
  ['2.x.5', '2.0.5', 0],
  ['10.0.0', '9.9.9', 1],
])('%s against %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
  expect(Math.sign(compareVersions(b, a))).toBe(0 - sign || 0);
});
