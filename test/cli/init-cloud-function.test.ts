import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { InjectError } from '../../src/inject/errors';
import { initCloudFunction } from '../../src/inject/init/init-cloud-function';
import { readFiles, ROOT, temporaryFolder, writeFiles } from '../support/files';
import { command } from '../support/command';

const TEMPLATE = join(ROOT, 'dist/templates/cloud-function');
const VERSION = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;
const template = Object.fromEntries(
  ['index.js', 'package.json', 'config.json', 'settings.json'].map((name) => [
    name,
    readFileSync(join(TEMPLATE, name), 'utf8'),
  ]),
);
const checksumOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
/** As `readFiles` gives it. */
const asBytes = (text: string) => Buffer.from(text).toString('latin1');
const written = Object.fromEntries(Object.entries(template).map(([name, text]) => [name, asBytes(text)]));
const below = (folder: string) =>
  Object.fromEntries(Object.entries(written).map(([name, text]) => [`${folder}/${name}`, text]));

describe('miniprogram-servicemarket init cloud-function', () => {
  test('writes the function where DevTools looks for it, and says what to do next', async () => {
    const project = { 'project.config.json': '{"cloudfunctionRoot": "./cloud/"}' };
    const root = temporaryFolder(project);
    const { code, out, err } = await command('init', 'cloud-function', root);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(readFiles(root)).toEqual({ ...project, ...below('cloud/servicemarket') });
    expect(out).toContain(`created  ${join(root, 'cloud/servicemarket/index.js')}`);
    for (const step of [
      /^1\. .*settings\.json: \{"services"/m,
      /^2\. .*servicemarket_calls and servicemarket_limits/m,
      /time limit has to be 60 s/,
      /"function": "servicemarket"\}/,
    ])
      expect(out).toMatch(step);
    expect(out).not.toContain('cloudfunctionRoot');
  });

  test('takes the name from the configuration, which then needs nothing', async () => {
    const root = temporaryFolder({
      'servicemarket.config.json': '{"channels": ["cloud"], "cloud": {"env": "e", "function": "market"}}',
    });
    const result = JSON.parse((await command('init', 'cloud-function', root, '--json')).out);
    expect(result).toMatchObject({ folder: join(root, 'cloudfunctions/market'), kept: [] });
    expect(result.created).toEqual(Object.keys(template));
    expect(result.next.join()).toContain('"cloudfunctionRoot"');
    expect(result.next.join()).not.toContain('servicemarket.config.json');
  });

  test('refuses a file in the place of its folder', async () => {
    const root = temporaryFolder({ 'app.js': 'App({})' });
    const file = join(root, 'app.js');
    expect(await command('init', 'cloud-function', root, '--out', file)).toMatchObject({
      code: 1,
      err: `Failed to write the cloud function: ${file}: it is no folder. Name a folder with --out DIR.`,
    });
    expect(readFiles(root)).toEqual({ 'app.js': 'App({})' });
  });

  test('says what is wrong where the package has no template', () => {
    const packageDir = temporaryFolder();
    const out = join(temporaryFolder(), 'f');
    const write = () => initCloudFunction(temporaryFolder(), { out, packageDir });
    expect(write).toThrow(InjectError);
    expect(write).toThrow(/^Failed to use the template: dist\/templates: it cannot be read/);
    expect(readFiles(join(out, '..'))).toEqual({});
  });

  test('--out names another folder; --dry-run writes nothing', async () => {
    const out = join(temporaryFolder(), 'a/b');
    const root = temporaryFolder();
    const { out: told } = await command('init', 'cloud-function', root, '--out', out, '--dry-run');
    expect(told).toMatch(/^dry run: nothing was written\ncreated {2}/);
    expect(readFiles(join(out, '../..'))).toEqual({});
    await command('init', 'cloud-function', root, '--out', out);
    expect(readFiles(out)).toEqual(written);
    expect(readFiles(root)).toEqual({});
  });

  test('keeps the settings and what is as it has to be, and refuses to overwrite a change', async () => {
    const out = temporaryFolder({
      ...template,
      'settings.json': '{"services": {}}',
      'index.js': template['index.js'].replaceAll('\n', '\r\n'),
    });
    const before = readFiles(out);
    const ran = await command('init', 'cloud-function', temporaryFolder(), '--out', out);
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('kept') });
    expect(ran.out).not.toContain('created');
    expect(readFiles(out)).toEqual(before);
    const changed = temporaryFolder({ 'index.js': '// mine' });
    expect(await command('init', 'cloud-function', temporaryFolder(), '--out', changed)).toEqual({
      code: 1,
      out: '',
      err: `Failed to write the cloud function: ${join(changed, 'index.js')}: it is there with another content. Move it away to get the new one, or use --out DIR.`,
    });
    expect(readFiles(changed)).toEqual({ 'index.js': '// mine' });
  });

  test('puts the new script in the place of one of another version that nobody has edited', async () => {
    const body = "'use strict';\nexports.main = () => {};\n";
    const old = `/*! miniprogram-servicemarket v0.0.9 cloud-function sha256:${checksumOf(body)} */\n${body}`;
    const out = temporaryFolder({ ...template, 'index.js': old, 'settings.json': '{"services": {}}' });
    const again = ['init', 'cloud-function', temporaryFolder(), '--out', out, '--json'];
    expect(JSON.parse((await command(...again)).out)).toMatchObject({ created: [], updated: ['index.js'] });
    expect(readFiles(out)).toEqual({ ...written, 'settings.json': '{"services": {}}' });
    const edited = temporaryFolder({ 'index.js': `${old}// mine` });
    const refused = await command('init', 'cloud-function', temporaryFolder(), '--out', edited);
    expect(refused.code).toBe(1);
    expect(readFiles(edited)).toEqual({ 'index.js': `${old}// mine` });
  });

  test('writes one script that says what it is, and needs nothing but the SDK', () => {
    const [head, ...lines] = template['index.js'].split('\n');
    expect(head).toBe(
      `/*! miniprogram-servicemarket v${VERSION} cloud-function sha256:${checksumOf(lines.join('\n'))} */`,
    );
    const required = [...template['index.js'].matchAll(/require\('([^']+)'\)/g)].map(([, name]) => name);
    const others = required.filter((name) => !builtinModules.includes(name));
    expect(others).toEqual(['wx-server-sdk', './settings.json']);
  });

  test('leaves "init [project]" as it is', async () => {
    const root = temporaryFolder({ 'project.config.json': '{}' });
    expect((await command('init', root, '--json')).code).toBe(0);
    expect(Object.keys(readFiles(root))).toContain('servicemarket.config.json');
    expect((await command('init', 'cloud-function', root, '--nonsense')).code).toBe(2);
    expect((await command('init', 'cloud-function', join(root, 'nowhere'))).code).toBe(1);
    const help = await command('init', 'cloud-function', '--help');
    expect(help.out).toMatch(/^Usage: miniprogram-servicemarket init cloud-function/);
  });
});

test.each([
  ['{"timeout": 19}', 1, /cloudfunctions\/f\/config\.json:1:13: the cloud function may run 19 s/],
  ['{}', 1, /cloudfunctions\/f\/config\.json: the cloud function may run 3 s/],
  ['{"timeout": 20}', 0, /^(?!.*the cloud function may run)/s],
])('doctor reads the time limit of the cloud function: %s', async (config, code, text) => {
  const root = temporaryFolder();
  writeFiles(root, {
    'app.json': '{"servicemarket": true}',
    'app.js': '',
    'project.config.json': '{}',
    'servicemarket.config.json': '{"channels": ["bridge", "cloud"], "cloud": {"env": "e", "function": "f"}}',
    'cloudfunctions/f/config.json': config,
  });
  await command('init', root);
  await command('inject', root);
  const ran = await command('doctor', root);
  expect(ran.out.split('To fix')[1]).toMatch(text);
  expect(ran.code).toBe(code);
});
