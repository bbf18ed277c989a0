import { joinPath, normaliseRoot, staysInside } from '../../src/inject/project/paths';

test.each([
  [undefined, ''],
  [5, ''],
  ['', ''],
  ['.', ''],
  ['..', ''],
  ['./', ''],
  ['/', ''],
  ['../..', ''],
  ['a', 'a'],
  ['/a/', 'a'],
  ['//a//', 'a'],
  ['./a/b', 'a/b'],
  ['../../a/b/', 'a/b'],
  ['a/./b/../c', 'a/c'],
  ['a\\b\\', 'a/b'],
  ['..a', '..a'],
  ['.a/..b', '.a/..b'],
])('a folder that a manifest writes %j is %j', (root, path) => expect(normaliseRoot(root)).toBe(path));

test.each([
  ['', true],
  ['a/b', true],
  ['a..b/..c', true],
  ['/a', false],
  ['..', false],
  ['../a', false],
  ['a/../b', false],
  ['a\\..\\b', false],
])('%j stays inside: %s', (path, isInside) => expect(staysInside(path)).toBe(isInside));

test.each([
  [['', ''], ''],
  [['.'], ''],
  [['a', '..'], ''],
  [['', 'a'], 'a'],
  [['a', ''], 'a'],
  [['a/', '/b', 'c'], 'a/b/c'],
])('%j joined are %j', (parts, path) => expect(joinPath(...parts)).toBe(path));
