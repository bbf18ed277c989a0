/** What ships: ES5, with a head that tells what it is, no larger than allowed, and needing nothing. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'acorn';
import { variants as builtVariants } from '../support/built';
import { ROOT } from '../support/files';
import { openHost } from '../support/hosts';
import type { Any } from '../support/outcomes';

const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8');
const { name, version } = JSON.parse(read('package.json'));

/** build/products.mjs, which the build reads too. */
const products: Any = JSON.parse(
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      "import * as products from './build/products.mjs'; console.log(JSON.stringify(products))",
    ],
    { cwd: ROOT, encoding: 'utf8' },
  ),
);

const FULL = ['dist/servicemarket-compat.js', 'dist/servicemarket-compat.min.js'];
const variants: [string, string][] = products.VARIANTS.map((channels: string[]) => [
  `dist/compat/${channels.join('+')}.min.js`,
  channels.join('+'),
]);
/** File and what its head says is in it; the full files have every channel, and may have more. */
const injected: [string, string | RegExp][] = [
  ...FULL.map((file): [string, RegExp] => [
    file,
    new RegExp(`^${products.CHANNELS.join('\\+')}(\\+[a-z+]+)?$`),
  ]),
  ...variants,
];
const imported = fs
  .readdirSync(path.join(ROOT, 'miniprogram_dist'))
  .map((file) => `miniprogram_dist/${file}`);

test('every variant is built, and no other', () => {
  const built = builtVariants();
  expect(built.sort()).toEqual(variants.map(([file]) => file).sort());
  expect(imported).toContain('miniprogram_dist/index.js');
});

describe.each([...injected.map(([file]) => file), ...imported])('%s', (file) => {
  test('is ES5', () => {
    const text = read(file);
    expect(() => parse(text, { ecmaVersion: 5, sourceType: 'script' })).not.toThrow();
  });

  test('requires nothing and makes no code from text', () => {
    const text = read(file);
    // The browser's file has no runtime of its own: it takes the one beside it.
    const own = file.endsWith('browser.js') ? text.replace('require("./index.js")', '') : text;
    expect(own).not.toMatch(/\brequire\s*\(/);
    expect(text).not.toMatch(/\beval\s*\(|\bnew Function\b|\bFunction\s*\(/);
    expect(text).not.toContain('__VERSION__');
  });

  test('no path of the machine that built it', () => {
    expect(read(file)).not.toContain(ROOT);
    expect(read(file)).not.toMatch(/node_modules/);
  });
});

test('dist/index.mjs is ES5 but for its exports', () => {
  const text = read('dist/index.mjs');
  const script = text.replace(/^export \{[^}]*\};$/gm, '');
  expect(script).not.toBe(text);
  expect(() => parse(script, { ecmaVersion: 5, sourceType: 'script' })).not.toThrow();
});

describe.each(injected)('%s', (file, parts) => {
  test('its head says name, version, what is in it, and the checksum of what follows', () => {
    const [, head, body] = /^(.*)\n([^]*)$/.exec(read(file)) as RegExpExecArray;
    const checksum = createHash('sha256').update(body).digest('hex').slice(0, 16);
    const [, inside] = /^\/\*! \S+ \S+ (\S+) /.exec(head) as RegExpExecArray;
    expect(head).toBe(`/*! ${name} v${version} ${inside} sha256:${checksum} */`);
    if (typeof parts === 'string') expect(inside).toBe(parts);
    else expect(inside).toMatch(parts);
  });

  test('ends with the place for the configuration', () => {
    expect(read(file)).toMatch(/,\s*\{\}\);\n$/);
  });

  test('names the channel that it lacks when one is asked for', async () => {
    const host = openHost({ bridge: 'absent', upload: 'absent' });
    const exported = host.load(path.join(ROOT, file));
    const inside = typeof parts === 'string' ? parts.split('+') : products.CHANNELS;
    const missing = products.CHANNELS.filter((channel: string) => !inside.includes(channel));
    host.run('exported.configure({channels: channels})', { exported, channels: missing });
    const error: Any = await host.clock.until(
      host.run(
        "return exported.invokeService({service: 's', api: 'a'}).then(null, function (e) { return e })",
        {
          exported,
        },
      ),
    );
    expect(error).toMatchObject({ errCode: -2, billing: 'none' });
    for (const channel of missing) expect(error.message).toContain(`${channel}: not in this build`);
  });
});

// The build has budgets of its own, for the same files: these say what they may be raised to at most.
const MAX_BYTES: Record<string, number> = {
  'compat/bridge.min.js': 6400,
  'compat/bridge+relay+cloud.min.js': 9000,
  'plugin.js': 1600,
};

test.each(Object.entries(MAX_BYTES))('%s is within %d bytes, gzipped', (file, max) => {
  const folder = file.startsWith('compat/') ? 'dist' : 'miniprogram_dist';
  expect(gzipSync(read(`${folder}/${file}`), { level: 9 }).length).toBeLessThanOrEqual(max);
  expect(products.BUDGETS[file]).toBeLessThanOrEqual(max);
});

test('every budget of the build has its bound here', () => {
  expect(Object.keys(products.BUDGETS)).toEqual(Object.keys(MAX_BYTES));
});
