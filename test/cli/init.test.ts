import { readFiles, temporaryFolder, writeFiles } from '../support/files';
import { command } from './support';

const PROJECT = {
  'project.config.json': '{\n\t"miniprogramRoot": "mini/",\n\t"appid": "wx1"\n}\n',
  'mini/app.json': '\uFEFF{\r\n  // ours\r\n  "pages": ["a"]\r\n}\r\n',
  'mini/app.js': 'App({});\n',
};
const bytes = (files: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, Buffer.from(text).toString('latin1')]),
  );

describe('miniprogram-servicemarket init, then inject', () => {
  test('starts a native project, changes nothing the second time, and --undo gives back every byte', async () => {
    const root = temporaryFolder(PROJECT);
    expect((await command('init', root)).out).toBe(
      'created  servicemarket.config.json\nchanged  mini/app.json\nchanged  project.config.json',
    );
    const started = readFiles(root);
    expect(started['mini/app.json']).toContain(
      '{\r\n  "servicemarket": true,\r\n  // ours\r\n  "pages": ["a"]\r\n}\r\n',
    );
    expect((await command('init', root)).out).toBe('everything is there already; nothing was changed');
    expect(readFiles(root)).toEqual(started);
    expect((await command('inject', root, '--dry-run')).out).toMatch(/^injected/);

    const undone = await command('init', root, '--undo');
    expect(undone.out).toBe(
      'changed  mini/app.json\nchanged  project.config.json\ndeleted  servicemarket.config.json',
    );
    expect(readFiles(root)).toEqual(bytes(PROJECT));
    expect((await command('init', root, '--undo')).out).toMatch(/^there is nothing of init here/);
  });

  test('--undo keeps a configuration and a hook that were changed, and the command that was there', async () => {
    const project = { ...PROJECT, 'project.config.json': '{"scripts":{"beforeCompile":"npm run tsc"}}' };
    const root = temporaryFolder({ ...project, 'app.json': '{}', 'app.js': '' });
    await command('init', root);
    const mine = '{"channels":["bridge","relay"],"relay":{"url":"https://r.example"}}';
    writeFiles(root, { 'servicemarket.config.json': mine });
    const { err } = await command('init', root, '--undo');
    expect(err).toBe('note: servicemarket.config.json stays: it is not as init wrote it.');
    const files = readFiles(root);
    expect(files['servicemarket.config.json']).toBe(mine);
    expect(JSON.parse(files['project.config.json'])).toEqual({ scripts: { beforeCompile: 'npm run tsc' } });
  });

  test('writes the configuration alone where a framework makes the manifest, and says where the rest goes', async () => {
    const root = temporaryFolder({
      'package.json': '{"dependencies":{"@tarojs/taro":"4.2.0"}}',
      'project.config.json': '{"miniprogramRoot":"dist/"}',
      'dist/app.json': '{}',
    });
    const { out, err } = await command('init', root);
    expect(out).toBe('created  servicemarket.config.json');
    expect(err).toContain('The build of Taro does not inject: add the bundler plugin to config/index.js');
    expect(err).toContain(
      'The key "servicemarket": true goes into the sources of Taro: docs/inject-taro.md.',
    );
  });
});
