/** Random schedules of failures, delays, duplicates, losses and kills: each call ends once, with at most one bill. */
import { BILLINGS, callsOf, expectOver, messagesOf, passAll } from '../support/hosts';
import { expectWellFormed } from '../support/outcomes';
import { fc, printFigures, SEED, TIMES } from '../support/random';
import { sleepOn } from '../support/market-behind';
import { WORLDS } from '../support/worlds';
import { hostOptions, type Plan, plansFor } from './support/plan';

/** Schedules of each channel, half of them with each billing. */
const RUNS = 500 * TIMES;

/** 52 messages of 20 s, and uploads given up after their own limit, in turn with others. */
const MAX_CALL_MS = 52 * 20_000 + 10 * 700_000;
const MAX_MS_PER_RUN = 600;

/** Waits in the time of the running schedule, which its relay or function lives in. */
let mockSleep: (ms: number) => Promise<void>;

jest.mock('node:timers/promises', () => ({ setTimeout: (ms: number) => mockSleep(ms) }));

interface Counts {
  schedules: number;
  resolved: number;
  rejected: number;
  bills: number;
}

async function run(
  channel: string,
  plan: Plan,
  billing: (typeof BILLINGS)[number],
  counts: Counts,
): Promise<void> {
  const { host, start, mark, run: runCode, countBills } = WORLDS[channel](hostOptions(plan, billing), plan);
  mockSleep = (ms) => sleepOn(host, ms);
  const time = jest.spyOn(Date, 'now').mockImplementation(() => host.clock.now());
  try {
    plan.faults.forEach((fault) => host.fault(fault));
    const began = host.clock.now();
    const seen = start({
      data: plan.contents.map((content) => mark(content)),
      async: plan.async,
      timeout: plan.timeout,
    });
    if (plan.abortAfter !== undefined) {
      await host.clock.advance(plan.abortAfter);
      seen.task.abort?.();
    }
    await passAll(host, seen);
    expectOver(host, seen);
    expect(host.clock.now() - began).toBeLessThan(MAX_CALL_MS);
    const bills = countBills();
    counts.schedules++;
    counts.bills += bills;
    // A market older than version 2 that bills by message takes a question for a call: nobody can know before.
    if (host.market.wireVersion === 2 || billing === 'perId') expect(bills).toBeLessThanOrEqual(1);
    expect(messagesOf(host).filter(({ scene }) => scene === 1).length).toBeLessThanOrEqual(1);
    expect(callsOf(host, 'operateWXData').length).toBeLessThanOrEqual(52);
    if (seen.error) {
      counts.rejected++;
      expectWellFormed({ run: runCode }, seen.error);
      if (seen.error.billing === 'none') expect(bills).toBe(0);
    } else {
      counts.resolved++;
      expect(seen.result.errMsg).toBe('invokeService:ok');
      const hasArrived = host.market.messages.some(({ request }) => request.scene === 1);
      const isOfFault = plan.faults.some(
        ({ effect }) => 'malformed' in effect && effect.malformed === seen.result.data,
      );
      // The call was lost, and a question about it got what a fault has put in the place of an answer.
      if (bills === 0) expect({ hasArrived, isOfFault }).toEqual({ hasArrived: false, isOfFault: true });
    }
  } finally {
    time.mockRestore();
    await host.close();
  }
}

describe.each(Object.keys(WORLDS))('%s', (channel) => {
  test.each(BILLINGS)(
    `${RUNS / 2} random schedules, billing %s (TEST_SEED=${SEED})`,
    async (billing) => {
      const counts: Counts = { schedules: 0, resolved: 0, rejected: 0, bills: 0 };
      await fc.assert(
        fc.asyncProperty(plansFor(channel), (plan) => run(channel, plan, billing, counts)),
        // Other schedules with each billing.
        { numRuns: RUNS / 2, seed: SEED + BILLINGS.indexOf(billing) },
      );
      expect(counts.schedules).toBe(RUNS / 2);
      // Else the schedules show nothing.
      expect(Math.min(counts.resolved, counts.rejected, counts.bills)).toBeGreaterThan(RUNS / 50);
      printFigures(`${channel}, billing ${billing}`, counts);
    },
    RUNS * MAX_MS_PER_RUN,
  );
});
