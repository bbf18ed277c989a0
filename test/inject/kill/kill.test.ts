import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { injectProject, removeInjection } from '../../../src/inject';
import { readFiles, temporaryFolder } from '../../support/files';
import { fakePackage } from '../support';
import type { Files } from '../../support/files';

let packageDir: string;
beforeAll(() => (packageDir = fakePackage()));

const PROJECT: Files = {
  'app.json': '{"servicemarket":true,"subpackages":[{"root":"ind","independent":true,"pages":["a"]}]}',
  'app.js': 'App({})\n',
  'ind/a.js': 'Page({})\n',
  'util.js': '// not touched\n',
};

function runKilled(at: number, name: string, ...args: unknown[]): boolean {
  const { signal, status, stderr } = spawnSync(
    process.execPath,
    [join(__dirname, 'support/run.cjs'), String(at), name, JSON.stringify(args)],
    { encoding: 'utf8' },
  );
  if (signal === 'SIGKILL') return true;
  if (status === 0) return false;
  throw new Error(stderr);
}

function copyOf(root: string): string {
  const copy = temporaryFolder();
  cpSync(root, copy, { recursive: true });
  return copy;
}

/** Every file of a project is in the one or the other state, and nothing else is there but what recovery removes. */
function expectOldOrNew(tree: Files, before: Files, after: Files): void {
  for (const path of new Set([...Object.keys(before), ...Object.keys(after)])) {
    expect([before[path], after[path]]).toContain(tree[path]);
  }
  const extra = Object.keys(tree).filter((path) => !(path in before) && !(path in after));
  for (const path of extra) expect(path).toMatch(/\.servicemarket-(?:new|journal)$/);
}

describe('a run that is killed at any of its changes', () => {
  test('of inject or remove leaves every file old or new; the next command ends it', () => {
    packageDir = fakePackage();
    const injected = temporaryFolder(PROJECT);
    injectProject(injected, { packageDir });
    const after = readFiles(injected);
    const runs = {
      injectProject: [PROJECT, after, { packageDir }],
      removeInjection: [after, PROJECT, {}],
    } as const;
    for (const [name, [from, to, options]] of Object.entries(runs)) {
      let kills = 0;
      for (
        let root = temporaryFolder(from);
        runKilled(kills, name, root, options);
        root = temporaryFolder(from)
      ) {
        kills++;
        expectOldOrNew(readFiles(root), from, to);
        const [one, two, three] = [copyOf(root), copyOf(root), copyOf(root)];
        injectProject(one, { packageDir });
        expect(readFiles(one)).toEqual(after);
        removeInjection(two);
        expect(readFiles(two)).toEqual(PROJECT);
        const { status } = injectProject(three, { packageDir, check: true });
        expect(readFiles(three)).toEqual(status === 'current' ? after : PROJECT);
      }
      // Two writes of the journal, one write and one rename or removal for each file, and the journal's end.
      expect(kills).toBeGreaterThanOrEqual(name === 'injectProject' ? 15 : 12);
    }
  });

  test('of --out leaves no half file; the next run makes it whole', () => {
    packageDir = fakePackage();
    const root = temporaryFolder(PROJECT);
    const whole = join(temporaryFolder(), 'out');
    injectProject(root, { packageDir, out: whole });
    const after = readFiles(whole);
    let kills = 0;
    for (
      let out = join(temporaryFolder(), 'out');
      runKilled(kills, 'injectProject', root, { packageDir, out });
      kills++
    ) {
      injectProject(root, { packageDir, out });
      expect(readFiles(out)).toEqual(after);
      out = join(temporaryFolder(), 'out');
    }
    expect(kills).toBeGreaterThanOrEqual(12);
    expect(readFiles(root)).toEqual(PROJECT);
  });
});
