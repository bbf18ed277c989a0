import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { hookCommand } from '../../src/inject/init/hooks';
import { readFiles, temporaryFolder, writeFiles } from '../support/files';
import { command } from '../support/command';

const HOOK = hookCommand();

describe('miniprogram-servicemarket init', () => {
  test('keeps what is there, byte for byte, and runs it first', async () => {
    const config =
      '\uFEFF{\r\n\t// ours\r\n\t"appid": "wx1", "scripts": {\r\n\t\t"beforeCompile": "npm run tsc",\r\n\t},\r\n}\r\n';
    const root = temporaryFolder({
      'project.config.json': config,
      'servicemarket.config.json': '{"channels":["bridge"]}',
    });
    const { code, out, err } = await command('init', root);
    expect({ code, out }).toEqual({
      code: 0,
      out: 'Detected: no mini-program yet\nchange  project.config.json  inject before DevTools compiles, previews, uploads',
    });
    expect(err).toContain('details → local settings → "启用自定义处理命令"');
    const tree = readFiles(root);
    const text = Buffer.from(tree['project.config.json'], 'latin1').toString();
    expect(text).toContain(
      '\uFEFF{\r\n\t// ours\r\n\t"appid": "wx1", "scripts": {\r\n\t\t"beforeCompile": "npm run tsc && ',
    );
    const { scripts } = JSON.parse(text.replace(/^\uFEFF|\/\/.*|,(?=\s*})/g, ''));
    expect(scripts).toEqual({
      beforeCompile: `npm run tsc && ${HOOK}`,
      beforePreview: HOOK,
      beforeUpload: HOOK,
    });
    expect(text.replace(/[^\n]\n/g, '')).not.toContain('\n');
    expect(tree['servicemarket.config.json']).toBe('{"channels":["bridge"]}');
    expect((await command('init', root)).out).toContain('everything is there already; nothing was changed');
    expect(readFiles(root)).toEqual(tree);
  });

  test('writes a configuration that inject accepts', async () => {
    const root = temporaryFolder({
      'app.json': '{"servicemarket":true}',
      'app.js': '',
      'project.config.json': '{}',
    });
    expect(JSON.parse((await command('init', root, '--json')).out)).toEqual({
      changed: ['project.config.json'],
      created: ['servicemarket.config.json'],
    });
    expect((await command('inject', root)).code).toBe(0);
    const { code, out } = await command('doctor', root);
    expect(code).toBe(0);
    expect(out).not.toContain('DevTools does not inject');
  });

  test('says that there is no project.config.json, and writes nothing on --dry-run', async () => {
    const root = temporaryFolder();
    const ran = await command('init', root, '--dry-run');
    expect(ran.err).toContain('No project.config.json here');
    expect(ran.out).toBe(
      'Detected: no mini-program yet\ndry run: nothing was written\ncreate  servicemarket.config.json  the configuration',
    );
    expect(readFiles(root)).toEqual({});
  });

  test.each([
    ['{"scripts": []}', 'project.config.json:1:13: "scripts" is array, DevTools takes object'],
    [
      '{"scripts": {"beforeUpload": 1}}',
      'project.config.json:1:30: "scripts.beforeUpload" is number, DevTools takes string',
    ],
  ])('refuses %s', async (config, message) => {
    const root = temporaryFolder({ 'project.config.json': config });
    const ran = await command('init', root);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(message);
    expect(readFiles(root)).toEqual({ 'project.config.json': config });
  });
});

describe('miniprogram-servicemarket doctor', () => {
  const app = { 'app.json': '{"servicemarket":true}', 'app.js': '' };
  const doctor = async (tree: Record<string, string>) => {
    const ran = await command('doctor', temporaryFolder(tree), '--json');
    return { ...JSON.parse(ran.out), code: ran.code };
  };

  test('tells what is missing and how to fix it', async () => {
    const { code, packageRoots, findings } = await doctor(app);
    expect(code).toBe(1);
    expect(packageRoots[0].sites).toEqual([
      { file: 'servicemarket-compat.js', scripts: ['app.js'], state: 'missing' },
    ]);
    expect(findings[0]).toEqual({
      level: 'fix',
      text: expect.stringContaining('run "npx miniprogram-servicemarket inject"'),
    });
    expect((await doctor({ ...app, 'app.json': '{}' })).findings[0].text).toContain(
      'app.json has no "servicemarket": true',
    );
  });

  test('ends with 1 without the key, with and without a copy, and with 0 once nothing is to fix', async () => {
    const off = { ...app, 'app.json': '{}' };
    expect(await doctor(off)).toMatchObject({
      code: 1,
      findings: [
        { level: 'fix', text: 'app.json has no "servicemarket": true: nothing is injected.' },
        {},
        {},
      ],
    });
    const root = temporaryFolder(app);
    await command('inject', root);
    expect((await command('doctor', root)).code).toBe(0);
    writeFiles(root, { 'app.json': '{}' });
    expect((await command('doctor', root)).code).toBe(1);
  });

  test.each(['bridge', 'relay'])(
    'looks at no cloud function where the only channel is %s',
    async (channel) => {
      const relay = channel === 'relay' ? { url: 'https://relay.example.com' } : undefined;
      const root = temporaryFolder({
        ...app,
        'project.config.json': '{"cloudfunctionRoot": "cloudfunctions/"}',
        'cloudfunctions/servicemarket/config.json': '{}',
        'servicemarket.config.json': JSON.stringify({ channels: [channel], relay }),
      });
      await command('inject', root);
      const { code, out } = await command('doctor', root, '--json');
      expect(code).toBe(0);
      expect(out).not.toContain('cloudfunctions');
    },
  );

  test('says which plugin of the configuration no manifest declares, and ends with 1', async () => {
    const config = '{"plugins":{"a":"all","b":"all","c":"all"}}';
    const manifest = {
      servicemarket: true,
      plugins: { b: {} },
      subpackages: [{ root: 's', pages: ['p'], plugins: { c: {} } }],
    };
    const root = temporaryFolder({
      'app.json': JSON.stringify(manifest),
      'app.js': '',
      's/p.js': '',
      'servicemarket.config.json': config,
    });
    await command('inject', root);
    const { code, out } = await command('doctor', root, '--json');
    const { findings } = JSON.parse(out);
    expect(code).toBe(1);
    expect(findings.filter(({ level }: { level: string }) => level === 'fix')).toEqual([
      {
        level: 'fix',
        text: expect.stringMatching(/^app\.json:1:\d+: no plugin "a" is declared here or in a/),
      },
    ]);
  });

  test('tells a copy that is there from one whose script does not load it any more', async () => {
    const root = temporaryFolder(app);
    const state = async () =>
      JSON.parse((await command('doctor', root, '--json')).out).packageRoots[0].sites[0].state;
    await command('inject', root);
    expect(await state()).toBe('current');
    writeFiles(root, { 'app.js': 'App({})' });
    expect(await state()).toBe('stale');
    rmSync(join(root, 'servicemarket-compat.js'));
    expect(await state()).toBe('missing');
  });

  test('changes nothing', async () => {
    const root = temporaryFolder(app);
    await command('doctor', root);
    expect(readFiles(root)).toEqual(app);
  });

  test('names the domains of the relay', async () => {
    const config = { channels: ['bridge', 'relay'], relay: { url: 'https://r.example:8443/x' } };
    const { domains } = await doctor({ ...app, 'servicemarket.config.json': JSON.stringify(config) });
    const origins = ['https://r.example:8443'];
    expect(domains).toEqual({ request: origins, uploadFile: origins, downloadFile: origins });
  });

  test('says where nothing can upload, where the relay is not used, not HTTPS, and where ci refuses the JSON', async () => {
    const texts = async (config: object, manifest = app['app.json']) => {
      const { findings } = await doctor({
        ...app,
        'app.json': manifest,
        'servicemarket.config.json': JSON.stringify(config),
      });
      return findings.map(({ level, text }: Record<string, string>) => `${level}: ${text}`).join('\n');
    };
    const relay = { url: 'http://10.0.0.1' };
    expect(await texts({})).toContain(
      'CDN() content cannot be uploaded on 1.6.0, 2.2.3, 2.8.3: add the channel "relay", or "cloud" (from 2.2.3 on), or do without CDN().',
    );
    expect(await texts({ channels: ['cloud'], cloud: { env: 'e', function: 'f' } })).toContain(
      'CDN() content cannot be uploaded on 1.6.0: add the channel "relay", or do without CDN().',
    );
    expect(await texts({ relay })).toContain('(servicemarket-compat.js, app.js)');
    expect(await texts({ channels: ['bridge'], relay })).toContain(
      'note: "relay" is configured, but "channels" does not name it',
    );
    expect(await texts({ channels: ['relay'], relay })).toContain(
      'fix: relay.url http://10.0.0.1 is not HTTPS',
    );
    expect(await texts({}, '{"a":"//,}",\n"servicemarket":true, // on\n}')).toContain(
      'fix: app.json:2:23: miniprogram-ci refuses',
    );
  });

  test.each([
    [{}, 'run "npx miniprogram-servicemarket inject" in your build'],
    [{ 'project.config.json': '{}' }, 'run "npx miniprogram-servicemarket init"'],
  ])('says how DevTools comes to inject: %j', async (config, advice) => {
    const { findings } = await doctor({ ...app, ...config });
    expect(findings.at(-1)).toEqual({ level: 'note', text: expect.stringContaining(advice) });
  });

  test('prints tables for people', async () => {
    const { out } = await command('doctor', temporaryFolder(app));
    expect(out).toMatch(/^app +app\.json +on +missing +servicemarket-compat\.js +app\.js$/m);
    expect(out).toMatch(/^2\.8\.3 +added +bridge +none +wx\.operateWXData is there/m);
    expect(out).toContain('none: no channel uses wx.request');
    expect(out).toContain('warn of the key');
  });
});
