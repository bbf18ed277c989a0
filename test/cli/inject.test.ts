import { join } from 'node:path';
import { readFiles, temporaryFolder, writeFiles } from '../support/files';
import { command } from '../support/command';

const project = { 'app.json': '{"servicemarket":true}', 'app.js': 'App({})\n' };

describe('miniprogram-servicemarket inject', () => {
  test('injects, says what it did, and then that there is nothing to do', async () => {
    const root = temporaryFolder(project);
    expect(await command('inject', root)).toEqual({
      code: 0,
      out: 'injected: the shim is in place\n  created  servicemarket-compat.js\n  changed  app.js',
      err: '',
    });
    expect(JSON.parse((await command('inject', root, '--json')).out)).toEqual({
      status: 'current',
      changed: [],
      created: [],
    });
  });

  test('--json gives exactly status, changed and created', async () => {
    const ran = await command('inject', temporaryFolder(project), '--json');
    expect(JSON.parse(ran.out)).toEqual({
      status: 'injected',
      changed: ['app.js'],
      created: ['servicemarket-compat.js'],
    });
  });

  test('--check fails until the shim is in place, and when it was edited', async () => {
    const root = temporaryFolder(project);
    const missing = await command('inject', root, '--check');
    expect(missing).toMatchObject({ code: 1, err: `Run: npx miniprogram-servicemarket inject ${root}` });
    expect(readFiles(root)).toEqual(project);
    await command('inject', root);
    expect((await command('inject', root, '--check')).code).toBe(0);
    const copy = readFiles(root)['servicemarket-compat.js'];
    const edited = await command(
      'inject',
      temporaryFolder({ ...readFiles(root), 'servicemarket-compat.js': `${copy}//` }),
      '--check',
    );
    expect(edited.code).toBe(1);
    expect(edited.err).toContain('note: servicemarket-compat.js was edited');
  });

  test('--remove takes it out', async () => {
    const root = temporaryFolder(project);
    await command('inject', root);
    const removed = await command('inject', root, '--remove', '--json');
    expect(JSON.parse(removed.out)).toEqual({
      status: 'removed',
      changed: ['app.js'],
      deleted: ['servicemarket-compat.js'],
    });
    expect(readFiles(root)).toEqual(project);
    expect(await command('inject', root, '--remove')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^absent/),
    });
  });

  test('--dry-run and --out leave the sources alone', async () => {
    const root = temporaryFolder(project);
    expect((await command('inject', root, '--dry-run')).out).toContain('dry run: nothing was written');
    const out = join(temporaryFolder(), 'build');
    await command('inject', root, '--out', out);
    expect(readFiles(root)).toEqual(project);
    expect(readFiles(out)['app.js']).toBe(';require("./servicemarket-compat.js");App({})\n');
  });

  test('without the key nothing changes, exit 0, and a line says so', async () => {
    const root = temporaryFolder({ 'app.json': '{}', 'app.js': '' });
    const ran = await command('inject', root);
    expect(ran).toEqual({
      code: 0,
      out: 'off: no manifest has "servicemarket": true; nothing was changed',
      err: '',
    });
    expect((await command('inject', root, '--check')).code).toBe(0);
    expect(JSON.parse((await command('inject', root, '--json')).out)).toEqual({
      status: 'off',
      changed: [],
      created: [],
    });
  });

  test('where the key is gone and the shim is not, a line says how to take it out, and --check fails', async () => {
    const root = temporaryFolder(project);
    await command('inject', root);
    writeFiles(root, { 'app.json': '{"servicemarket":false}' });
    const tree = readFiles(root);
    const files = ['servicemarket-compat.js', 'app.js'];
    const told = {
      out: [
        'off: no manifest has "servicemarket": true, but the shim is still there; nothing was changed',
        ...files.map((file) => `  left  ${file}`),
      ].join('\n'),
      err: `Run: npx miniprogram-servicemarket inject ${root} --remove`,
    };
    expect(await command('inject', root)).toEqual({ code: 0, ...told });
    expect(await command('inject', root, '--check')).toEqual({ code: 1, ...told });
    expect(JSON.parse((await command('inject', root, '--json')).out)).toEqual({
      status: 'off',
      changed: [],
      created: [],
      left: files,
    });
    expect((await command('doctor', root)).out).toContain(
      `fix: The shim is still there although no manifest asks for it (${files.join(', ')}): run "npx miniprogram-servicemarket inject --remove", and "inject" again for what stays on.`,
    );
    expect(readFiles(root)).toEqual(tree);
    await command('inject', root, '--remove');
    expect((await command('inject', root, '--check')).code).toBe(0);
  });

  test('tells of a channel that is configured but not used', async () => {
    const config = '{"channels":["bridge"],"relay":{"url":"https://relay.example.com"}}';
    const ran = await command('inject', temporaryFolder({ ...project, 'servicemarket.config.json': config }));
    expect(ran).toMatchObject({
      code: 0,
      err: 'note: "relay" is configured, but "channels" does not name it: it is not used',
    });
  });

  test('a second --out has nothing to tell, and --check says what it found', async () => {
    const root = temporaryFolder(project);
    const out = join(temporaryFolder(), 'build');
    await command('inject', root, '--out', out);
    expect((await command('inject', root, '--out', out)).out).toBe(
      'current: the shim is in place already; nothing was changed',
    );
    expect((await command('inject', root, '--check')).out).toBe(
      'missing: the shim is not injected yet\n  missing  servicemarket-compat.js\n  without it  app.js',
    );
  });

  test('bad input fails with 1, and as JSON with the place', async () => {
    const root = temporaryFolder({ 'app.json': '{\n!' });
    const ran = await command('inject', root);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(/^Failed to read the project: app\.json:2:1: /);
    const json = JSON.parse((await command('inject', root, '--json')).out);
    expect(json).toMatchObject({ status: 'failed', file: 'app.json', line: 2, column: 1 });
    expect((await command('inject', join(root, 'nowhere'))).code).toBe(1);
  });

  test.each([
    ['inject', '--check', '--out', 'x'],
    ['inject', '--nonsense'],
    ['inject', 'a', 'b'],
    ['no-such-command'],
    [],
  ])('wrong usage exits with 2: %s %s', async (...args) => {
    expect((await command(...args)).code).toBe(2);
  });

  test.each([[], ['inject'], ['init'], ['doctor']])('--help on every level: %s', async (...path) => {
    const ran = await command(...path, '--help');
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toMatch(new RegExp(`^Usage: ${['miniprogram-servicemarket', ...path].join(' ')}`));
  });
});
