/** Random schedules of failures, delays, duplicates and losses: each call ends once, with at most one bill. */
import type { Fault } from '../../src/simulator';
import { BILLINGS, callsOf, expectOver, messagesOf, openPage } from '../support/hosts';
import { type Any, expectWellFormed } from '../support/outcomes';
import { RELAY, FakeRelay } from '../support/fakes/relay';
import { fc, SEED } from '../support/random';

const RUNS = 500;
/** 52 messages of 20 s, and uploads given up after their own limit, in turn with others. */
const LONGEST = 52 * 20000 + 10 * 700000;

const effect: fc.Arbitrary<Fault['effect']> = fc.oneof(
  fc.record({ delay: fc.integer({ min: 0, max: 45000 }) }),
  fc.record({ lose: fc.constantFrom('request' as const, 'reply' as const) }),
  fc.record({ duplicate: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    fail: fc.constantFrom<Any>(
      { errMsg: 'network error' },
      { errMsg: 'busy', err_code: -11 },
      { errMsg: 'cancel' },
    ),
    after: fc.boolean(),
  }),
  // A refusal is never one of something that was done.
  fc.constant({ fail: { errMsg: 'permission denied' } }),
  fc.record({
    malformed: fc.constantFrom('', 'null', 'no json', '{"scene":3,"errcode":0}', '{"scene":9,"errcode":1}'),
  }),
  fc.constant({ replyWithoutData: true as const }),
  fc.constant({ noUrl: true as const }),
);

const fault: fc.Arbitrary<Fault> = fc.record({
  api: fc.constantFrom(
    'operateWXData',
    'operateWXData',
    'uploadToCommonCDN',
    'request',
    'uploadFile',
    'login',
  ),
  nth: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  effect,
});

const schedule = fc.record({
  faults: fc.array(fault, { maxLength: 5 }),
  platform: fc.constantFrom('android' as const, 'ios' as const),
  wireVersion: fc.constantFrom(2 as const, 2 as const, 1 as const, 0 as const),
  preResp: fc.integer({ min: 0, max: 3 }),
  takes: fc.integer({ min: 0, max: 70000 }),
  providerFails: fc.boolean(),
  async: fc.boolean(),
  upload: fc.constantFrom('allowed' as const, 'absent' as const, 'denied' as const),
  contents: fc.array(fc.constantFrom<Any>('a', 'b', { filePath: 'wxfile://tmp_a.png' }), { maxLength: 3 }),
  timeout: fc.option(fc.integer({ min: 1, max: 90000 }), { nil: undefined }),
  abortAfter: fc.option(fc.integer({ min: 0, max: 60000 }), { nil: undefined }),
});
type Schedule = typeof schedule extends fc.Arbitrary<infer S> ? S : never;

async function run(plan: Schedule, billing: (typeof BILLINGS)[number]): Promise<void> {
  const { faults, platform, wireVersion, preResp, takes, providerFails, upload, contents } = plan;
  const provider = async (data: Any, { sleep }: Any): Promise<unknown> => {
    await sleep(takes);
    if (providerFails) throw Object.assign(new Error('no'), { errcode: 61, errmsg: 'no' });
    return { count: data.length };
  };
  const host = openPage(
    {
      billing,
      platform,
      wireVersion,
      upload,
      market: { preResp },
      providers: { '*': provider },
      network: new FakeRelay().network,
    },
    { relay: { url: RELAY } },
  );
  try {
    faults.forEach((one) => host.fault(one));
    const began = host.clock.now();
    const data = contents.map((content) => host.mark(content));
    const seen = host.start({ data, async: plan.async, timeout: plan.timeout });
    if (plan.abortAfter !== undefined) {
      await host.clock.advance(plan.abortAfter);
      seen.task.abort();
    }
    await host.clock.run();
    expectOver(host, seen);
    expect(host.clock.now() - began).toBeLessThan(LONGEST);
    const bills = host.market.bills.length;
    const firsts = messagesOf(host).filter(({ scene }) => scene === 1).length;
    // A market older than version 2 that bills by message takes a question for a call: nobody can know before.
    if (wireVersion === 2 || billing === 'perId') expect(bills).toBeLessThanOrEqual(1);
    expect(firsts).toBeLessThanOrEqual(1);
    expect(callsOf(host, 'operateWXData').length).toBeLessThanOrEqual(52);
    if (seen.error) {
      expectWellFormed(host, seen.error);
      if (seen.error.billing === 'none') expect(bills).toBe(0);
    } else {
      expect(seen.result.errMsg).toBe('invokeService:ok');
      expect(firsts).toBe(1);
    }
  } finally {
    await host.close();
  }
}

test.each(BILLINGS)(
  `${RUNS} random schedules, billing %s (TEST_SEED=${SEED})`,
  async (billing) => {
    await fc.assert(
      fc.asyncProperty(schedule, (plan) => run(plan, billing)),
      { numRuns: RUNS },
    );
  },
  120000,
);
