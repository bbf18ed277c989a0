/** What real base libraries were seen to do (test/real-libraries): the simulator's rows do the same. */
import { differences } from './compare';
import { KNOWN_DIFFERENCES, reasonFor } from './known-differences';
import { LIBRARIES } from './libraries';
import { openSimulated } from './observe';
import { readRecorded } from './recorded';
import { GROUPS, groupsOf, scriptsOf } from './scripts';
import { PLATFORMS } from '../support/hosts';

const SCRIPTS = scriptsOf(GROUPS);

test('there are enough scripts, each with a name of its own', () => {
  expect(SCRIPTS.length).toBeGreaterThanOrEqual(150);
  expect(new Set(SCRIPTS.map(({ name }) => name)).size).toBe(SCRIPTS.length);
});

const ROWS = LIBRARIES.flatMap((library) =>
  PLATFORMS.map((platform) => ({ library, platform, version: library.version })),
);

test.each(ROWS)('$version on $platform', async ({ library, platform, version }) => {
  const recorded = readRecorded(version, platform);
  const differing: Record<string, unknown> = {};
  const explained: string[] = [];
  for (const group of groupsOf(library)) {
    const simulated = await openSimulated(library, platform, group);
    for (const script of group.scripts) {
      const found = differences(recorded.get(script.name), await simulated.observe(script));
      if (found.length === 0) continue;
      if (reasonFor(script.name, version, platform)) explained.push(script.name);
      else differing[script.name] = found;
    }
    await simulated.close();
  }
  expect(differing).toEqual({});
  const expected = scriptsOf(groupsOf(library))
    .map(({ name }) => name)
    .filter((name) => reasonFor(name, version, platform));
  expect(explained).toEqual(expected);
});

test('every known difference has a reason and a script', () => {
  for (const { script, reason } of KNOWN_DIFFERENCES) {
    expect(SCRIPTS.filter(({ name }) => script.test(name))).not.toEqual([]);
    expect(reason).toMatch(/\w/);
  }
});
