/** What real base libraries were seen to do (test/real-libraries): the simulator's rows do the same. */
import { differences } from './compare';
import { deliverAll, isFaithful, ROUTES } from './deliveries';
import { KNOWN_DIFFERENCES, reasonFor } from './known-differences';
import { LIBRARIES } from './libraries';
import { openSimulated } from './observe';
import { simulatedPhone } from './phones';
import { readRecorded, readRecordedDeliveries } from './recorded';
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

describe('contents, byte by byte', () => {
  test.each(ROWS)('$version on $platform', async ({ library, platform, version }) => {
    const recorded = readRecordedDeliveries()[version][platform];
    for (const contents of Object.values(recorded)) {
      for (const [name, delivery] of Object.entries(contents))
        expect([name, isFaithful(delivery)]).toEqual([name, true]);
      expect(Object.keys(contents).length).toBeGreaterThan(10);
    }
    expect(Object.keys(recorded)).toEqual(ROUTES.filter((route) => route !== 'cloud' || version !== '1.6.0'));
    expect(await deliverAll(() => simulatedPhone(library, platform))).toEqual(recorded);
  });

  test('1.6.0 sends them in a second try', () => {
    const { relay } = readRecordedDeliveries()['1.6.0'].android;
    expect(relay?.['21 bytes']?.sent).toEqual(['application/octet-stream 422', 'application/json 200']);
  });
});

test('every known difference has a reason and a script', () => {
  for (const { script, reason } of KNOWN_DIFFERENCES) {
    expect(SCRIPTS.filter(({ name }) => script.test(name))).not.toEqual([]);
    expect(reason).toMatch(/\w/);
  }
});
