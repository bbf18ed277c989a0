/** Hostile data, over every channel and the plugins' way: it arrives as JSON.stringify writes it, or fails harmlessly. */
import { FILES } from '../support/hosts';
import type { Any } from '../support/outcomes';
import { fc, printFigures, SEED, TIMES } from '../support/random';
import { WORLDS } from '../support/worlds';
import { cook, cookTwin } from './support/cook';
import { expectHarmless, watchPollution } from './support/invariants';
import { isUnsteady, recipes, type Recipe } from './support/recipes';
import { readUploads, type Received } from './support/service';

const RUNS = 150 * TIMES;
const MAX_MS_PER_RUN = 600;

/** Values that change with each reading, as one. */
const steady = (value: Any): string | undefined => JSON.stringify(value)?.replace(/~\d+/g, '~');

interface Counts {
  calls: number;
  arrived: number;
  refused: number;
  uploads: number;
}

async function run(channel: string, recipe: Recipe, counts: Counts): Promise<void> {
  const received: Received = { calls: [] };
  const world = WORLDS[channel]({ providers: { '*': readUploads(received) } });
  const { host } = world;
  try {
    let expected: Any;
    let isBad = false;
    try {
      expected = cookTwin(world, recipe, FILES);
    } catch {
      isBad = true;
    }
    const expectUnpolluted = watchPollution(world);
    const seen = world.start(cook(world, recipe));
    await expectHarmless(world, seen);
    counts.calls++;
    counts.uploads += host.uploads.length;
    if (!isUnsteady(recipe))
      expect({ error: seen.error, isBad }).toEqual({ error: isBad ? expect.anything() : undefined, isBad });
    if (seen.error) {
      counts.refused++;
      expect(seen.error).toMatchObject({ errCode: -1, billing: 'none' });
      expect(received.calls).toEqual([]);
    } else {
      counts.arrived++;
      const [{ data, read }] = received.calls;
      if (!isBad) expect(steady(read)).toBe(steady(expected));
      // The service answers with the data as it came.
      expect(JSON.stringify(seen.result.data)).toBe(JSON.stringify(data ?? null));
    }
    expectUnpolluted();
  } finally {
    await host.close();
  }
}

test.each(Object.keys(WORLDS))(
  `%s: ${RUNS} hostile values (TEST_SEED=${SEED})`,
  async (channel) => {
    const counts: Counts = { calls: 0, arrived: 0, refused: 0, uploads: 0 };
    await fc.assert(
      fc.asyncProperty(recipes, (recipe) => run(channel, recipe, counts)),
      { numRuns: RUNS },
    );
    expect(counts.calls).toBe(RUNS);
    // Else they show nothing.
    expect(Math.min(counts.arrived, counts.refused, counts.uploads)).toBeGreaterThan(RUNS / 20);
    printFigures(`hostile data, ${channel}`, counts);
  },
  RUNS * MAX_MS_PER_RUN,
);

/** What a toJSON of the page saw in a marker's place, in an earlier call, comes again as data. */
const LEARN = `
  var learned = [], marker = new CDN('first');
  var spy = { toJSON: function () { learned.push(JSON.parse(JSON.stringify(marker))); return 1; } };
  return { data: [spy, marker], learned: learned };
`;

test.each(Object.keys(WORLDS))(
  '%s: what stood for a marker once is a string like any other',
  async (channel) => {
    const received: Received = { calls: [] };
    const world = WORLDS[channel]({ billing: 'perId', providers: { '*': readUploads(received) } });
    const { host, run, CDN } = world;
    const first = run(LEARN, { CDN });
    world.start(first);
    await host.clock.run();
    const again = run("return { data: learned.concat(new CDN('second'), { learned: learned[0] }) }", {
      ...first,
      CDN,
    });
    const seen = world.start(again);
    await host.clock.run();
    expect(seen.error).toBeUndefined();
    const learned: Any[] = Array.from(first.learned);
    expect(learned.length).toBeGreaterThan(0);
    expect(JSON.stringify(received.calls[1].read)).toBe(
      JSON.stringify([...learned, '<second>', { learned: learned[0] }]),
    );
  },
);
