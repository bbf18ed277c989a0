/** When a push is handed to the owner's hook, in the time of a fake clock: what docs/en/deploy.md says of it. */
import type * as timers from 'node:timers/promises';
import { createWebHook } from '../../src/relay';
import { type OnPush, PushDelivery } from '../../src/relay/push/push-delivery';
import type { PushStore, WaitingPush } from '../../src/relay/push/push-store';
import { cleanUpAfterTest } from '../support/cleanup';
import { readDocument } from '../support/documents';

jest.mock('node:timers/promises', () => ({
  ...jest.requireActual<typeof timers>('node:timers/promises'),
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

const [, webHookS, onPushS] =
  /with a 2xx answer within (\d+) seconds, or by an `onPush` that does not throw within (\d+) seconds/.exec(
    readDocument('docs/en/deploy.md'),
  ) ?? [];
const HOUR_MS = 3_600_000;
const PUSH = { eventId: 'a'.repeat(64), isProved: true, nonce: 'n', message: { MsgType: 'text' } };

/** Starts to hand one push on. @returns what the log says */
async function handOn(onPush: OnPush): Promise<string[]> {
  const kept = new Map<string, WaitingPush>();
  const store: PushStore = {
    add: async (push) => !!kept.set(push.eventId, push),
    claim: async () => true,
    remove: async (id) => void kept.delete(id),
    list: async () => [...kept.values()],
  };
  const log: string[] = [];
  const error = (_text: string, { err }: { err: Error }): void => void log.push(err.message);
  const delivery = PushDelivery.open({
    store,
    onPush,
    outcomes: { hasOwner: async () => false },
    log: { error, warn: () => {}, info: () => {} } as never,
    now: Date.now,
  });
  cleanUpAfterTest(() => delivery.close());
  await delivery.add(PUSH);
  return log;
}

test('it is tried again after half a second, then ever later, and at last each half minute', async () => {
  jest.useFakeTimers();
  const triedAt: number[] = [];
  let isDown = true;
  await handOn(() => {
    triedAt.push(Date.now());
    if (isDown) throw new Error('down');
  });
  await jest.advanceTimersByTimeAsync(150_000);
  const pauses = triedAt.slice(1).map((time, i) => time - triedAt[i]);
  expect(pauses.slice(0, 8)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  isDown = false;
  await jest.advanceTimersByTimeAsync(30_000);
  const tries = triedAt.length;
  await jest.advanceTimersByTimeAsync(HOUR_MS);
  expect(triedAt).toHaveLength(tries);
});

test('an onPush that does not end has the time that the document says', async () => {
  jest.useFakeTimers();
  let tries = 0;
  const log = await handOn(() => (tries++ ? undefined : new Promise(() => {})));
  await jest.advanceTimersByTimeAsync(Number(onPushS) * 1000 - 1);
  expect(log).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(log).toEqual([`Failed to hand on a push: onPush took more than ${onPushS}000 ms.`]);
  await jest.advanceTimersByTimeAsync(500);
  expect(tries).toBe(2);
});

test('a hook by URL has the time that the document says', async () => {
  jest.spyOn(global, 'fetch').mockResolvedValue(new Response());
  const limit = jest.spyOn(AbortSignal, 'timeout');
  await createWebHook({ url: 'http://127.0.0.1:1', secret: 's' })(PUSH.message, PUSH);
  expect(limit.mock.calls).toEqual([[Number(webHookS) * 1000]]);
});
