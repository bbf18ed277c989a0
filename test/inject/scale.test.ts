import fs from 'node:fs';
import { join } from 'node:path';
import { injectProject } from '../../src/inject';
import { temporaryFolder, writeFiles } from '../support/files';
import { fakePackage } from './support';

const FILE_CALLS = [
  'readFileSync',
  'statSync',
  'lstatSync',
  'existsSync',
  'readdirSync',
  'realpathSync',
  'writeFileSync',
] as const;

/** How often a run touches the disk: unlike its time, that is the same on every machine. */
function countCalls(files: number): number {
  const packageDir = fakePackage();
  const root = temporaryFolder({
    'app.json': '{"servicemarket":true,"subpackages":[{"root":"ind","independent":true,"pages":["a"]}]}',
    'app.js': '',
    'ind/a.js': '',
  });
  writeFiles(
    root,
    Object.fromEntries(Array.from({ length: files }, (_, i) => [join(`p${i % 50}`, `${i}.js`), 'Page({})'])),
  );
  const spies = FILE_CALLS.map((name) => jest.spyOn(fs, name));
  injectProject(root, { packageDir });
  injectProject(root, { packageDir, check: true });
  const calls = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  jest.restoreAllMocks();
  return calls;
}

test('a project of 5,000 files costs what one of 50 costs: no other file is looked at', () => {
  // The first run reads modules too, which are loaded when they are used.
  countCalls(1);
  const few = countCalls(50);
  expect(few).toBeGreaterThan(20);
  expect(countCalls(5000)).toBe(few);
});
