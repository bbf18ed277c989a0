import { join } from 'node:path';
import { injectProject, removeInjection } from '../../src/inject';
import { readFiles, temporaryFolder, writeFiles } from '../support/files';
import { fakePackage } from './support';

const APP = { pages: ['pages/a/a'], servicemarket: true };
const plain = { 'app.json': JSON.stringify(APP), 'app.js': 'App({})\n', 'pages/a/a.js': 'Page({})\n' };
let packageDir: string;

beforeAll(() => (packageDir = fakePackage()));

describe('injectProject', () => {
  test('puts the runtime beside app.js and loads it first, in place', () => {
    const root = temporaryFolder(plain);
    expect(injectProject(root, { packageDir })).toMatchObject({
      status: 'injected',
      changed: ['app.js'],
      created: ['servicemarket-compat.js'],
    });
    const tree = readFiles(root);
    expect(tree['app.js']).toBe(';require("./servicemarket-compat.js");App({})\n');
    expect(tree['servicemarket-compat.js']).toMatch(
      /^\/\*! miniprogram-servicemarket v1\.0\.0 bridge sha256:/,
    );
    expect(Object.keys(tree).sort()).toEqual([...Object.keys(plain), 'servicemarket-compat.js'].sort());
    expect(injectProject(root, { packageDir })).toMatchObject({
      status: 'current',
      changed: [],
      created: [],
    });
    expect(readFiles(root)).toEqual(tree);
  });

  test('writes a whole project to --out and leaves the sources alone', () => {
    const root = temporaryFolder(plain);
    const out = join(temporaryFolder(), 'out');
    expect(injectProject(root, { packageDir, out }).status).toBe('injected');
    expect(readFiles(root)).toEqual(plain);
    expect(readFiles(out)).toMatchObject({
      'app.json': plain['app.json'],
      'pages/a/a.js': 'Page({})\n',
      'app.js': ';require("./servicemarket-compat.js");App({})\n',
    });
    expect(injectProject(root, { packageDir, out }).status).toBe('current');
  });

  test('writes the configuration into the smallest variant', () => {
    const root = temporaryFolder(plain);
    const config = {
      channels: ['relay' as const, 'bridge' as const],
      relay: { url: 'https://r.example/\u2028' },
    };
    injectProject(root, { packageDir, config });
    const text = readFiles(root)['servicemarket-compat.js'];
    expect(text).toMatch(/^\S+ \S+ v1\.0\.0 bridge\+relay /);
    const exports = {} as { config?: unknown };
    new Function('exports', text)(exports);
    expect(exports.config).toEqual(config);
  });

  test('without channels the bridge and what is configured', () => {
    const relay = { url: 'https://r.example' };
    for (const [config, head] of [
      [{}, /^\S+ \S+ v1\.0\.0 bridge /],
      [{ relay }, /^\S+ \S+ v1\.0\.0 bridge\+relay /],
    ] as const) {
      const root = temporaryFolder(plain);
      injectProject(root, { packageDir, config });
      expect(readFiles(root)['servicemarket-compat.js']).toMatch(head);
    }
  });

  test('takes no copy that it made for a part of the project', () => {
    const root = temporaryFolder(plain);
    const outs = ['build', 'build2'].map((name) => join(root, name));
    for (const out of outs) injectProject(root, { packageDir, out });
    expect(readFiles(outs[1])).toEqual(readFiles(outs[0]));
    removeInjection(root);
    expect(injectProject(root, { packageDir, out: outs[0] }).status).toBe('current');
  });

  test('leaves a project without the key alone', () => {
    const root = temporaryFolder({ ...plain, 'app.json': '{"pages":[]}' });
    expect(injectProject(root, { packageDir }).status).toBe('off');
    expect(readFiles(root)['app.js']).toBe('App({})\n');
  });

  test('says where the shim is left in subpackages when the key is gone', () => {
    const subpackages = [
      { root: 'alone', independent: true, pages: ['p'] },
      { root: 'guests', pages: ['p'], plugins: { guest: {} } },
    ];
    const manifest = { ...APP, subpackages };
    const root = temporaryFolder({
      ...plain,
      'app.json': JSON.stringify(manifest),
      'alone/p.js': '',
      'guests/p.js': '',
    });
    injectProject(root, { packageDir, config: { channels: ['bridge'], plugins: { guest: 'all' } } });
    const injected = readFiles(root);
    const copies = Object.keys(injected).filter((path) => /servicemarket-\w+\.js$/.test(path));
    expect(copies.sort()).toEqual([
      'alone/servicemarket-compat.js',
      'guests/servicemarket-plugins.js',
      'servicemarket-compat.js',
    ]);
    writeFiles(root, { 'app.json': JSON.stringify({ ...manifest, servicemarket: false }) });
    const { left, status } = injectProject(root, { packageDir });
    expect(status).toBe('off');
    expect(left).toEqual(expect.arrayContaining([...copies, 'app.js']));
  });

  test('dryRun writes nothing', () => {
    const root = temporaryFolder(plain);
    expect(injectProject(root, { packageDir, dryRun: true }).created).toEqual(['servicemarket-compat.js']);
    expect(readFiles(root)).toEqual(plain);
  });
});
