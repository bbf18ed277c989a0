import fs from 'node:fs';
import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { injectProject, removeInjection } from '../../src/inject';
import { readFiles, temporaryFolder } from '../support/files';
import { fakePackage } from './support';

let packageDir: string;
beforeAll(() => (packageDir = fakePackage()));
const PROJECT = { 'app.json': '{"servicemarket":true}', 'app.js': 'App({})\n' };
const inject = (root: string, out?: string) => injectProject(root, { packageDir, out });

/** The disk is full at the n-th write of a file. */
function fillDisk(at: number): void {
  const { writeFileSync: write } = fs;
  let count = 0;
  jest.spyOn(fs, 'writeFileSync').mockImplementation((...args) => {
    if (count++ === at)
      throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', syscall: 'write' });
    write(...args);
  });
}

describe('a disk that is full', () => {
  test.each([0, 1, 2, 3])('at write %i of a run in place: nothing is changed, nothing is left', (at) => {
    const root = temporaryFolder(PROJECT);
    fillDisk(at);
    expect(() => inject(root)).toThrow(
      /^Failed to write: \S+: no space is left on the disk\. Nothing was changed/,
    );
    jest.restoreAllMocks();
    expect(readFiles(root)).toEqual(PROJECT);
    expect(inject(root).status).toBe('injected');
  });

  test('while --out is written: the next run makes it whole', () => {
    const root = temporaryFolder(PROJECT);
    const out = join(temporaryFolder(), 'out');
    fillDisk(1);
    expect(() => inject(root, out)).toThrow('Failed to write the output: no space is left on the disk');
    jest.restoreAllMocks();
    inject(root, out);
    expect(Object.keys(readFiles(out))).toEqual([
      '.servicemarket-out',
      'app.js',
      'app.json',
      'servicemarket-compat.js',
    ]);
  });
});

describe('files that may not be written', () => {
  test('a read-only entry file is refused before anything is written', () => {
    const root = temporaryFolder(PROJECT);
    chmodSync(join(root, 'app.js'), 0o444);
    expect(() => inject(root)).toThrow(
      'Failed to inject: app.js: the file is read-only. Make it writable, or use --out DIR.',
    );
    expect(readFiles(root)).toEqual(PROJECT);
    expect(inject(root, join(temporaryFolder(), 'out')).status).toBe('injected');
  });

  test('the mode of a script stays', () => {
    const root = temporaryFolder(PROJECT);
    chmodSync(join(root, 'app.js'), 0o640);
    inject(root);
    expect(statSync(join(root, 'app.js')).mode & 0o777).toBe(0o640);
  });

  test('a link within the project is written through and stays a link', () => {
    const root = temporaryFolder({ ...PROJECT, 'real/main.js': 'App({})' });
    fs.rmSync(join(root, 'app.js'));
    symlinkSync('real/main.js', join(root, 'app.js'));
    inject(root);
    expect(lstatSync(join(root, 'app.js')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(root, 'real/main.js'), 'utf8')).toBe(
      ';require("./servicemarket-compat.js");App({})',
    );
    removeInjection(root);
    expect(readFileSync(join(root, 'real/main.js'), 'utf8')).toBe('App({})');
  });

  test('a link out of the project is refused in place, and copied to --out', () => {
    const elsewhere = temporaryFolder({ 'main.js': 'App({})' });
    const root = temporaryFolder({ 'app.json': PROJECT['app.json'] });
    symlinkSync(join(elsewhere, 'main.js'), join(root, 'app.js'));
    expect(() => inject(root)).toThrow(
      /app\.js: it is a symbolic link to .*main\.js, outside the project\. Use --out DIR/,
    );
    const out = join(temporaryFolder(), 'out');
    inject(root, out);
    expect(readFiles(out)['app.js']).toBe(';require("./servicemarket-compat.js");App({})');
    expect(readFiles(elsewhere)).toEqual({ 'main.js': 'App({})' });
  });

  test('a link to itself is not taken for a file that is missing', () => {
    const root = temporaryFolder({ 'app.js': 'App({})' });
    symlinkSync('app.json', join(root, 'app.json'));
    expect(() => inject(root)).toThrow(/ELOOP.*app\.json/);
  });

  test('a link to its own folder is named', () => {
    const root = temporaryFolder(PROJECT);
    mkdirSync(join(root, 'a'));
    symlinkSync('..', join(root, 'a/loop'));
    expect(inject(root).status).toBe('injected');
    expect(() => removeInjection(root)).toThrow('a/loop: a symbolic link leads to its own folder');
  });
});

test('an independent subpackage whose folder is missing is named', () => {
  const manifest = '{"servicemarket":true,"subpackages":[{"root":"gone","independent":true,"pages":["a"]}]}';
  const tree = { 'app.json': manifest, 'app.js': '' };
  const root = temporaryFolder(tree);
  expect(() => inject(root)).toThrow(
    'gone/servicemarket-compat.js: the folder gone is missing. Create it with its pages',
  );
  expect(readFiles(root)).toEqual(tree);
});

describe('files that cannot be read', () => {
  test('a character that stands for broken text is text; the place is that of the broken bytes', () => {
    const text = Buffer.concat([Buffer.from('App({}) // \uFFFD\n// \uFFFD and '), Buffer.from([0xe4])]);
    const root = temporaryFolder({ ...PROJECT, 'app.js': text });
    expect(() => inject(root)).toThrow(/app\.js:2:10: the file is not UTF-8/);
    writeFileSync(join(root, 'app.js'), 'App({}) // \uFFFD\n');
    expect(inject(root).status).toBe('injected');
  });

  test('text that is not UTF-8 is refused with line and column', () => {
    const root = temporaryFolder(PROJECT);
    writeFileSync(join(root, 'app.js'), Buffer.from('App({\n  a: "\xb0\xa1" })', 'latin1'));
    expect(() => inject(root)).toThrow(/app\.js:2:7: the file is not UTF-8/);
  });

  test('removal passes over files of other encodings', () => {
    const root = temporaryFolder(PROJECT);
    inject(root);
    writeFileSync(join(root, 'gbk.js'), Buffer.from([0xb0, 0xa1]));
    expect(removeInjection(root).status).toBe('removed');
  });
});

describe('a killed run whose files somebody changed since', () => {
  test('is finished around them', () => {
    const root = temporaryFolder(PROJECT);
    const { renameSync } = fs;
    jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      if (String(to).endsWith('compat.js'))
        throw Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'rename' });
      renameSync(from, to);
    });
    expect(() => inject(root)).toThrow(/the next run finishes the work/);
    jest.restoreAllMocks();
    writeFileSync(join(root, 'app.js'), 'App({ edited: true })\n');
    const result = inject(root);
    expect(result.notes[0]).toEqual({ text: 'A run that was stopped has been finished.' });
    expect(readFiles(root)['app.js']).toBe(';require("./servicemarket-compat.js");App({ edited: true })\n');
    expect(Object.keys(readFiles(root))).toEqual(['app.js', 'app.json', 'servicemarket-compat.js']);
  });
});

test('a file that cannot be looked at is no file that is missing', () => {
  const root = temporaryFolder({ 'app.json': PROJECT['app.json'] });
  fs.symlinkSync('app.js', join(root, 'app.js'));
  expect(() => inject(root)).toThrow('ELOOP');
});

test('an error has the name of its class, a code for programs and the place', () => {
  const path = join(temporaryFolder(), 'nowhere');
  const failure = (): unknown => {
    try {
      return inject(path);
    } catch (error) {
      return error;
    }
  };
  expect(failure()).toMatchObject({ name: 'InjectError', code: 'noFolder', location: undefined });
});

describe('a journal that inject did not write', () => {
  test.each(['{', '{"state":"committing","files":[{"path":"../x","before":null,"after":null}]}', 'null'])(
    'is refused: %s',
    (text) => {
      const root = temporaryFolder({ ...PROJECT, '.servicemarket-journal': text });
      const place = `${join(root, '.servicemarket-journal')}: this is no journal of inject. Delete it`;
      expect(() => inject(root)).toThrow(place);
      expect(readFiles(root)).toHaveProperty(['app.js'], 'App({})\n');
    },
  );
});

describe('--out', () => {
  test('follows the project: new, changed and deleted files', () => {
    const root = temporaryFolder({ ...PROJECT, 'old.js': '1', '.git/x': '', 'node_modules/y/z.js': '' });
    const out = join(root, 'build');
    inject(root, out);
    expect(Object.keys(readFiles(out))).not.toContain('.git/x');
    expect(inject(root, out).status).toBe('current');
    fs.rmSync(join(root, 'old.js'));
    writeFileSync(join(root, 'new.js'), '2');
    expect(inject(root, out).status).toBe('injected');
    expect(Object.keys(readFiles(out))).toEqual([
      '.servicemarket-out',
      'app.js',
      'app.json',
      'new.js',
      'servicemarket-compat.js',
    ]);
  });

  test('in the project keeps what was there, and is no part of itself', () => {
    const root = temporaryFolder({ ...PROJECT, 'build/mine.txt': '1' });
    const out = join(root, 'build');
    for (const status of ['injected', 'current', 'injected']) {
      expect(inject(root, out).status).toBe(status);
      expect(Object.keys(readFiles(out))).toEqual([
        '.servicemarket-out',
        'app.js',
        'app.json',
        'mine.txt',
        'servicemarket-compat.js',
      ]);
      // One file that changed is a change.
      if (status === 'current') writeFileSync(join(root, 'app.js'), 'App({ a: 1 })\n');
    }
  });

  test('never replaces what it did not write, nor the project', () => {
    const root = temporaryFolder(PROJECT);
    const out = temporaryFolder({ 'app.js': 'mine' });
    expect(() => inject(root, out)).toThrow(`${join(out, 'app.js')} exists and was not written by inject`);
    expect(readFiles(out)).toEqual({ 'app.js': 'mine' });
    expect(() => inject(root, root)).toThrow('holds the project');
    expect(() => inject(root, join(root, '..'))).toThrow('holds the project');
  });

  test('deletes nothing outside, whatever its list says', () => {
    const root = temporaryFolder(PROJECT);
    const home = temporaryFolder({ 'precious.txt': '', 'out/.servicemarket-out': '["../precious.txt"]' });
    inject(root, join(home, 'out'));
    expect(readFiles(home)).toHaveProperty(['precious.txt']);
  });

  test('is written without the key too, so that CI can go on with it', () => {
    const root = temporaryFolder({ 'app.json': '{}', 'app.js': '' });
    const out = join(temporaryFolder(), 'out');
    expect(inject(root, out).status).toBe('off');
    expect(Object.keys(readFiles(out))).toEqual(['.servicemarket-out', 'app.js', 'app.json']);
  });
});
