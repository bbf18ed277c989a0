/** The built files of the plugin part: ES5, and within their budgets. */
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'acorn';
import { ROOT } from '../support/files';

const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8');
const size = (file: string): number => gzipSync(read(file), { level: 9 }).length;

const CHANNELS = [
  'bridge',
  'relay',
  'cloud',
  'bridge+relay',
  'bridge+cloud',
  'relay+cloud',
  'bridge+relay+cloud',
];

test.each([
  'miniprogram_dist/plugin.js',
  'dist/compat/plugin.min.js',
  ...CHANNELS.map((channels) => `dist/compat/${channels}+plugins.min.js`),
])('%s is ES5', (file) => {
  expect(() => parse(read(file), { ecmaVersion: 5, allowHashBang: true })).not.toThrow();
});

test('the plugin’s entry: at most 1,600 bytes', () => {
  expect(size('miniprogram_dist/plugin.js')).toBeLessThanOrEqual(1600);
});

test.each(CHANNELS)(
  'the plugin part of %s: at most 1,060 bytes more, and none where it is not asked for',
  (channels) => {
    const plain = `dist/compat/${channels}.min.js`;
    expect(size(`dist/compat/${channels}+plugins.min.js`) - size(plain)).toBeLessThanOrEqual(1060);
    expect(read(plain)).not.toMatch(/connectPlugin|connectServiceMarket/);
  },
);
