import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { injectProject, removeInjection } from '../../../src/inject';
import { fakePackage, makeFolder, readTree, removeFolders } from '../support';
import type { Tree } from '../support';

let packageDir: string;
beforeAll(() => (packageDir = fakePackage()));
afterEach(removeFolders);

const PROJECT: Tree = {
  'app.json': '{"servicemarket":true,"subpackages":[{"root":"ind","independent":true,"pages":["a"]}]}',
  'app.js': 'App({})\n',
  'ind/a.js': 'Page({})\n',
  'util.js': '// not touched\n',
};

function runKilled(at: number, name: string, ...args: unknown[]): boolean {
  const { signal, status, stderr } = spawnSync(
    process.execPath,
    [join(__dirname, 'run.cjs'), String(at), name, JSON.stringify(args)],
    { encoding: 'utf8' },
  );
  if (signal === 'SIGKILL') return true;
  if (status === 0) return false;
  throw new Error(stderr);
}

function copyOf(root: string): string {
  const copy = makeFolder();
  cpSync(root, copy, { recursive: true });
  return copy;
}

/** Every file of a project is in the one or the other state, and nothing else is there but what recovery removes. */
function expectOldOrNew(tree: Tree, before: Tree, after: Tree): void {
  for (const path of new Set([...Object.keys(before), ...Object.keys(after)])) {
    expect([before[path], after[path]]).toContain(tree[path]);
  }
  const extra = Object.keys(tree).filter((path) => !(path in before) && !(path in after));
  for (const path of extra) expect(path).toMatch(/\.servicemarket-(?:new|journal)$/);
}

describe('a run that is killed at any of its changes', () => {
  test('of inject or remove leaves every file old or new; the next command ends it', () => {
    packageDir = fakePackage();
    const injected = makeFolder(PROJECT);
    injectProject(injected, { packageDir });
    const after = readTree(injected);
    const runs = {
      injectProject: [PROJECT, after, { packageDir }],
      removeInjection: [after, PROJECT, {}],
    } as const;
    for (const [name, [from, to, options]] of Object.entries(runs)) {
      let kills = 0;
      for (let root = makeFolder(from); runKilled(kills, name, root, options); root = makeFolder(from)) {
        kills++;
        expectOldOrNew(readTree(root), from, to);
        const [one, two, three] = [copyOf(root), copyOf(root), copyOf(root)];
        injectProject(one, { packageDir });
        expect(readTree(one)).toEqual(after);
        removeInjection(two);
        expect(readTree(two)).toEqual(PROJECT);
        const { status } = injectProject(three, { packageDir, check: true });
        expect(readTree(three)).toEqual(status === 'current' ? after : PROJECT);
      }
      // Two writes of the journal, one write and one rename or removal for each file, and the journal's end.
      expect(kills).toBeGreaterThanOrEqual(name === 'injectProject' ? 15 : 12);
    }
  });

  test('of --out leaves no half file; the next run makes it whole', () => {
    packageDir = fakePackage();
    const root = makeFolder(PROJECT);
    const whole = join(makeFolder(), 'out');
    injectProject(root, { packageDir, out: whole });
    const after = readTree(whole);
    let kills = 0;
    for (
      let out = join(makeFolder(), 'out');
      runKilled(kills, 'injectProject', root, { packageDir, out });
      kills++
    ) {
      injectProject(root, { packageDir, out });
      expect(readTree(out)).toEqual(after);
      out = join(makeFolder(), 'out');
    }
    expect(kills).toBeGreaterThanOrEqual(12);
    expect(readTree(root)).toEqual(PROJECT);
  });
});
