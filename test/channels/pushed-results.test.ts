/** A page that waits for a long task over a relay: with the platform's push, without, and with one that is lost. */
import type { PushSettings } from '../../src/simulator';
import { ACCOUNT, openBackend, sent, SERVICES } from './support/backend';
import { SOON_MS } from '../support/until';

const TASK_MS = 10_000;
const SECRETS = { token: 'AAAAA', encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };

/** What a page sees of a task of ten seconds, and what it takes. */
async function waitForTask(push?: Partial<PushSettings>) {
  let finishedAt = 0;
  const settings: PushSettings = { ...SECRETS, url: '', ...push };
  const backend = await openBackend(
    {
      ...(push && { push: settings }),
      providers: {
        '*': async (_data, { sleep }) => {
          await sleep(TASK_MS);
          finishedAt = performance.now();
          return { text: 'done' };
        },
      },
    },
    { ...(push && { push: { ...SECRETS, appid: ACCOUNT.appid } }) },
  );
  settings.url = `${backend.url}/push`;
  const host = backend.page();
  const [service] = Object.keys(SERVICES);
  const call = { service, api: SERVICES[service as keyof typeof SERVICES][0] };
  const { requestId } = await host.start({ ...call, async: true }).task;
  const result = await host.start({ requestId }, 'waitForResult').task;
  return {
    data: result.data as unknown,
    requests: sent(host, '/invoke').length + sent(host, '/retrieve').length,
    asked: backend.platform.requests.filter(({ path }) => path === '/wxa/servicemarketretrieve').length,
    lateMs: performance.now() - finishedAt,
    pushes: backend.platform.pushes.length,
    bills: backend.platform.market.bills.length,
  };
}

test('a task of ten seconds: the result is there within a second of its push, for two requests of the phone', async () => {
  const [pushed, polled, lost] = await Promise.all([
    waitForTask({}),
    waitForTask(),
    waitForTask({ lost: true }),
  ]);
  for (const { data, bills } of [pushed, polled, lost]) {
    expect({ data, bills }).toEqual({ data: { text: 'done' }, bills: 1 });
  }
  expect(pushed).toMatchObject({ requests: 2, asked: 1, pushes: 1 });
  expect(pushed.lateMs).toBeLessThan(SOON_MS);
  // Without push the phone asks again and again.
  expect(polled.requests).toBeGreaterThan(4);
  expect(polled.pushes).toBe(0);
  // A push that is lost costs the rest of the time that the relay holds a question.
  expect(lost).toMatchObject({ requests: 3, asked: 2, pushes: 0 });
  expect(lost.lateMs).toBeLessThan(5000 + SOON_MS);
});
