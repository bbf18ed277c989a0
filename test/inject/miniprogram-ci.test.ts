import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { injectProject } from '../../src/inject';
import { createHost } from '../../src/simulator';
import type { Host, HostOptions } from '../../src/simulator';
import { describeWith, toolchain } from '../toolchain/installed';
import { cleanUpAfterTest } from '../support/cleanup';
import { readFiles, temporaryFolder } from '../support/files';
import type { Files } from '../support/files';

/** Injects a project and compiles it with the platform's own compiler; the packed files are in the folder. */
function build(type: string, tree: Files): string {
  const project = temporaryFolder(tree);
  expect(injectProject(project).status).toBe('injected');
  return compile(type, project);
}

function compile(type: string, project: string): string {
  const out = temporaryFolder();
  const compiler = join(toolchain('miniprogram-ci'), 'compile.cjs');
  const { status, stderr, stdout } = spawnSync(process.execPath, [compiler, project, type, out], {
    // It leaves empty cache folders where it runs.
    cwd: temporaryFolder(),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr + stdout);
  return out;
}

function start(options: HostOptions = {}): Host {
  const host = createHost({ sdkVersion: '2.8.3', ...options });
  cleanUpAfterTest(() => host.close());
  return host;
}

/** Code that notes whether the shim is there when it runs. */
const note = (name: string) =>
  `wx.ran = (wx.ran || []).concat('${name} ' + typeof (wx.serviceMarket || {}).invokeService);\n`;
const ran = (host: Host): string[] => Array.from(host.wx.ran as ArrayLike<string>);
const page = (name: string): Files => ({
  [`${name}.js`]: `${note(name)}Page({})`,
  [`${name}.json`]: '{}',
  [`${name}.wxml`]: '<view/>',
});
const config = (values: object) => ({
  'project.config.json': JSON.stringify({ appid: 'wx0000000000000000', ...values }),
});

describeWith('miniprogram-ci', 'compiled by the real miniprogram-ci', () => {
  const subpackages = [{ root: 'ind/', independent: true, pages: ['p/p'] }];
  const manifest = JSON.stringify({ servicemarket: true, pages: ['pages/a'], subpackages });

  test('a mini-program: the shim runs before the app, and before an independent subpackage entered first', () => {
    const out = build('miniProgram', {
      ...config({ miniprogramRoot: 'src/' }),
      'src/app.json': manifest,
      'src/app.js': `import './other';\nimport util from './util';\n${note('app')}App({ util });`,
      'src/other.js': note('other'),
      'src/util.js': `${note('util')}export default 1;`,
      'src/unused.js': '// the filter takes this away',
      ...Object.fromEntries(
        Object.entries({ ...page('pages/a'), ...page('ind/p/p') }).map(([k, v]) => [`src/${k}`, v]),
      ),
    });
    const names = Object.keys(readFiles(out));
    expect(names).toEqual(expect.arrayContaining(['servicemarket-compat.js', 'ind/servicemarket-compat.js']));
    expect(names).not.toContain('unused.js');

    const app = start();
    app.boot(out);
    app.show('ind/p/p');
    expect(ran(app)).toEqual(
      ['other', 'util', 'app', 'pages/a', 'ind/p/p'].map((name) => `${name} function`),
    );

    const { subPackages } = JSON.parse(readFiles(out)['app.json']);
    const newTools = start();
    newTools.load(join(out, 'ind', subPackages[0].entry));
    expect(typeof newTools.wx.serviceMarket.invokeService).toBe('function');
    const oldTools = start();
    oldTools.run(note('host'), {});
    oldTools.load(join(out, 'ind/p/p.js'));
    expect(ran(oldTools)).toEqual(['host undefined', 'ind/p/p function']);
  });

  test('a TypeScript mini-program', () => {
    const out = build('miniProgram', {
      ...config({ setting: { useCompilerPlugins: ['typescript'] } }),
      'app.json': JSON.stringify({ servicemarket: true, pages: ['pages/a'] }),
      'app.ts': `import { util } from './util';\n${note('app')}App<{ util: number }>({ util });`,
      'util.ts': `${note('util')}export const util: number = 1;`,
      ...page('pages/a'),
    });
    const host = start();
    host.boot(out);
    expect(ran(host)).toEqual(['util function', 'app function', 'pages/a function']);
  });

  test('a project without app.js', () => {
    const out = build('miniProgram', {
      ...config({}),
      'app.json': JSON.stringify({ servicemarket: true, pages: ['pages/a'] }),
      ...page('pages/a'),
    });
    const host = start();
    host.boot(out);
    expect(ran(host)).toEqual(['pages/a function']);
  });

  test('a mini-game, with an independent subpackage entered first', () => {
    const out = build('miniGame', {
      ...config({ compileType: 'game' }),
      'game.json': JSON.stringify({
        servicemarket: true,
        subpackages: [{ root: 'ind/', independent: true }],
      }),
      'game.js': `import './scene';\n${note('game')}`,
      'scene.js': note('scene'),
      'ind/game.js': `${note('ind')}`,
    });
    const host = start();
    host.load(join(out, 'game.js'));
    expect(ran(host)).toEqual(['scene function', 'game function']);
    const alone = start();
    alone.load(join(out, 'ind/game.js'));
    expect(ran(alone)).toEqual(['ind function']);
  });

  test('a plugin and its host: components, which run first, and main', () => {
    const out = build('miniProgramPlugin', {
      ...config({ compileType: 'plugin', miniprogramRoot: 'host/', pluginRoot: 'plugin/' }),
      'host/app.json': JSON.stringify({ servicemarket: true, pages: ['pages/a'] }),
      'host/app.js': `${note('app')}App({})`,
      ...Object.fromEntries(Object.entries(page('pages/a')).map(([path, text]) => [`host/${path}`, text])),
      'plugin/plugin.json': JSON.stringify({ main: 'index.js', publicComponents: { c: 'c/c' } }),
      'plugin/index.js': `import api from './api';\n${note('main')}export { api };`,
      'plugin/api.js': `${note('api')}export default 1;`,
      ...Object.fromEntries(Object.entries(page('c/c')).map(([path, text]) => [`plugin/${path}`, text])),
      'plugin/c/c.js': `${note('component')}Component({})`,
      'plugin/c/c.json': '{"component":true}',
    });
    const host = start();
    host.boot(join(out, 'miniprogram'));
    expect(ran(host)).toEqual(['app function', 'pages/a function']);
    for (const [first, order] of [
      ['c/c.js', ['component function']],
      ['index.js', ['api function', 'main function']],
    ] as const) {
      const plugin = start();
      plugin.script('function Component() {}');
      plugin.load(join(out, 'plugin', first));
      expect(ran(plugin)).toEqual(order);
    }
  });

  test.each([
    ['the app', (plugins: object) => ({ plugins })],
    ['a subpackage', (plugins: object) => ({ subpackages: [{ root: 'sub', pages: ['p'], plugins }] })],
  ])('a plugin of %s calls on the host’s account', async (_of, declare) => {
    const provider = 'wx0000000000000000';
    const manifest = { pages: ['pages/a'], ...declare({ ocr: { version: 'dev', provider } }) };
    const out = build('miniProgramPlugin', {
      ...config({ compileType: 'plugin', miniprogramRoot: 'host/', pluginRoot: 'plugin/' }),
      'servicemarket.config.json': '{"plugins": {"ocr": "all"}}',
      'host/app.json': JSON.stringify({ servicemarket: true, ...manifest }),
      'host/app.js': 'App({})',
      ...Object.fromEntries(
        Object.entries({ ...page('pages/a'), ...page('sub/p') }).map(([path, text]) => [
          `host/${path}`,
          text,
        ]),
      ),
      'plugin/plugin.json': JSON.stringify({ main: 'index.js' }),
      'plugin/index.js': `export const ask = (done) =>
        wx.serviceMarket.invokeService({ service: 's', api: 'a', data: { n: 1 } }).then(done, done);`,
    });
    const host = start({ appid: 'wxhost', plugins: [{ appid: provider, root: join(out, 'plugin') }] });
    host.boot(join(out, 'miniprogram'));
    if ('subpackages' in manifest) host.show('sub/p');
    host.run("requirePlugin('ocr').ask(function (reply) { wx.told = JSON.stringify(reply.data || reply) })");
    await host.clock.run();
    expect(host.wx.told).toBe('{"n":1}');
    expect(host.market.bills.map(({ by }) => by)).toEqual(['wxhost']);
  });

  test('the demo’s plugin and the host that uses it', async () => {
    const demo = join(__dirname, '../../demo-miniprogram');
    const pluginOut = build('miniProgramPlugin', readFiles(join(demo, 'plugin')));
    const hostOut = build('miniProgram', readFiles(join(demo, 'plugin-host')));
    const provider = 'wxdemoreader00000';
    const host = start({
      appid: 'wxhost',
      upload: 'allowed',
      files: { 'wxfile://tmp_photo.png': 'PHOTO' },
      plugins: [{ appid: provider, root: join(pluginOut, 'plugin') }],
      providers: {
        'wx79ac3de8be320b71/*': () => ({ ocr_comm_res: { items: [{ text: 'read' }, { text: 'it' }] } }),
      },
    });
    host.boot(hostOut);
    await host.clock.run();
    host.run(`requirePlugin('reader').readPhoto('wxfile://tmp_photo.png')
      .then(function (read) { wx.told = read.text }, function (error) { wx.told = error.message })`);
    await host.clock.run();
    expect(host.wx.told).toBe('read\nit');
    expect(host.market.bills.map(({ by }) => by)).toEqual(['wxhost']);
    expect(host.cdn.files.map(({ url }) => host.cdn.text(url))).toEqual(['PHOTO']);
  });

  test('the list that --out keeps is not packed', () => {
    const project = temporaryFolder({
      ...config({}),
      'app.json': JSON.stringify({ servicemarket: true, pages: ['pages/a'] }),
      ...page('pages/a'),
    });
    const out = join(temporaryFolder(), 'out');
    injectProject(project, { out });
    expect(readFiles(out)).toHaveProperty(['.servicemarket-out']);
    expect(Object.keys(readFiles(compile('miniProgram', out)))).not.toContain('.servicemarket-out');
  });
});
