/** Hosts that lie about what they did, over every channel and the plugins' way: a call ends once, paid once at most. */
import { BILLINGS } from '../support/hosts';
import { fc, printFigures, SEED, TIMES } from '../support/random';
import { WORLDS } from '../support/worlds';
import { expectHarmless, watchPollution } from './support/invariants';
import { type Lie, liesAbout, makeLie } from './support/lies';
import { readUploads, type Received } from './support/service';
import { SYNC_ANSWER } from './support/sync-host';

const RUNS = 200 * TIMES;
const MAX_MS_PER_RUN = 600;
/** 52 messages of 20 s, and uploads that are given up, while the app is hidden. */
const MAX_CALL_MS = 52 * 20_000 + 4 * 700_000;

const APIS: Record<string, string[]> = {
  bridge: ['operateWXData', 'operateWXData', 'uploadToCommonCDN'],
  relay: ['request', 'request', 'uploadFile', 'login', 'checkSession', 'getNetworkType', 'getFileInfo'],
  cloud: ['callFunction', 'callFunction', 'uploadFile', 'getTempFileURL', 'deleteFile']
    .map((name) => `cloud.${name}`)
    .concat('getNetworkType'),
  uniCloud: ['request', 'request', 'uploadFile', 'login', 'getNetworkType'],
  plugin: ['operateWXData', 'operateWXData', 'uploadToCommonCDN'],
};

interface Plan {
  lies: Lie[];
  /** Every callback is called before the API returns. */
  isSync: boolean;
  /** Ms until the app is hidden, and for how long. */
  hidden?: [after: number, ms: number];
  /** There is no room for a temporary file. */
  noRoom: boolean;
  contents: ('text' | 'file')[];
  billing: (typeof BILLINGS)[number];
}

const plansFor = (channel: string): fc.Arbitrary<Plan> =>
  fc.record<Plan>({
    lies: liesAbout(APIS[channel]),
    isSync: fc.oneof(
      { weight: 3, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    hidden: fc.option(fc.tuple(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 1, max: 120_000 })), {
      nil: undefined,
    }),
    noRoom: fc.oneof(
      { weight: 4, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    contents: fc.array(fc.constantFrom('text' as const, 'file' as const), { maxLength: 2 }),
    billing: fc.constantFrom(...BILLINGS),
  });

interface Counts {
  calls: number;
  resolved: number;
  rejected: number;
  bills: number;
}

async function run(channel: string, plan: Plan, counts: Counts): Promise<void> {
  const received: Received = { calls: [] };
  const opened = WORLDS[channel]({ billing: plan.billing, providers: { '*': readUploads(received) } });
  const { host, mark } = opened;
  const paid: string[] = [];
  const world = { ...opened, countBills: () => opened.countBills() + paid.length };
  try {
    makeLie(host, plan.lies, plan.isSync ? paid : undefined);
    if (plan.noRoom) host.fault({ api: 'writeFileSync', effect: { fail: { errMsg: 'no room' } } });
    const expectUnpolluted = watchPollution(world);
    const data = plan.contents.map((kind) =>
      mark(kind === 'text' ? 'text' : { filePath: 'wxfile://tmp_a.png' }),
    );
    const seen = world.start({ data });
    if (plan.hidden) {
      const [after, ms] = plan.hidden;
      await host.clock.advance(after);
      host.background();
      await host.clock.advance(ms);
      host.foreground();
    }
    await expectHarmless(world, seen);
    expect(seen.took).toBeLessThan(MAX_CALL_MS);
    expectUnpolluted();
    counts.calls++;
    counts.bills += world.countBills();
    if (seen.error) counts.rejected++;
    else counts.resolved++;
    // Whatever was said, nobody gets another's answer, and no service another's content.
    if (!seen.error && plan.isSync) expect(seen.result.data).toBe(SYNC_ANSWER);
    if (!seen.error && !plan.isSync) {
      expect(JSON.stringify(seen.result.data)).toBe(JSON.stringify(received.calls[0].data));
      expect(received.calls[0].read).toEqual(
        plan.contents.map((kind) => (kind === 'text' ? '<text>' : '<PNG-A>')),
      );
    }
  } finally {
    await host.close();
  }
}

test.each(Object.keys(WORLDS))(
  `%s: ${RUNS} hosts that lie (TEST_SEED=${SEED})`,
  async (channel) => {
    const counts: Counts = { calls: 0, resolved: 0, rejected: 0, bills: 0 };
    await fc.assert(
      fc.asyncProperty(plansFor(channel), (plan) => run(channel, plan, counts)),
      { numRuns: RUNS },
    );
    expect(counts.calls).toBe(RUNS);
    // Else they show nothing.
    expect(Math.min(counts.resolved, counts.rejected, counts.bills)).toBeGreaterThan(RUNS / 20);
    printFigures(`hosts that lie, ${channel}`, counts);
  },
  RUNS * MAX_MS_PER_RUN,
);
