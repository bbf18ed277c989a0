/** abort() at every step: it ends the call, stops what runs, and nothing is sent afterwards. */
import type { HostOptions } from '../../src/simulator';
import {
  callsOf,
  expectAtRest,
  expectOver,
  messagesOf,
  openInjectedHost,
  openPage,
  type PageHost,
  SERVICE,
} from '../support/hosts';
import { type Any, expectWellFormed } from '../support/outcomes';
import { RELAY, FakeRelay } from '../support/fakes/relay';

interface Step {
  name: string;
  /** ms from the call to the abort. */
  after: number;
  options?: (host: PageHost) => object;
  relay?: Partial<FakeRelay>;
  host?: HostOptions;
  billing: 'none' | 'unknown';
  messages: number;
}

const FILE = (host: PageHost): object => ({ data: host.mark({ filePath: 'wxfile://big.bin' }) });
const TEXT = (host: PageHost): object => ({ data: [host.mark('a'), host.mark('b')] });
/** 4 s on the simulated network. */
const BIG = { 'wxfile://big.bin': 'x'.repeat(4000000) };

const STEPS: Step[] = [
  { name: 'at once, with nothing to upload', after: 0, billing: 'unknown', messages: 1 },
  { name: 'at once, with an upload started', after: 0, options: TEXT, billing: 'none', messages: 0 },
  { name: 'during an upload over the bridge', after: 30, options: TEXT, billing: 'none', messages: 0 },
  {
    name: 'while the relay session opens',
    after: 500,
    options: FILE,
    relay: { sessionTakes: 3000 },
    billing: 'none',
    messages: 0,
  },
  {
    name: 'during an upload over the relay',
    after: 2000,
    options: FILE,
    relay: {},
    billing: 'none',
    messages: 0,
  },
  {
    name: 'while the relay works on the upload',
    after: 2000,
    options: TEXT,
    relay: { fileTakes: 5000 },
    billing: 'none',
    messages: 0,
  },
  {
    name: 'with uploads that wait for a free slot',
    after: 2000,
    options: (host) => ({ data: Array.from({ length: 25 }, (_, i) => host.mark(`text ${i}`)) }),
    relay: { fileTakes: 5000 },
    billing: 'none',
    messages: 0,
  },
  { name: 'before the answer', after: 5000, billing: 'unknown', messages: 1 },
  {
    name: 'in the pause between two polls',
    after: 300,
    host: { market: { preResp: 9 } },
    billing: 'unknown',
    messages: 1,
  },
  { name: 'during a poll', after: 16000, billing: 'unknown', messages: 2 },
];

function hostOf({ relay, host }: Step): PageHost {
  const fake = Object.assign(new FakeRelay(), relay);
  const options = relay ? { upload: 'absent' as const, network: fake.network } : {};
  const providers = { '*': async (_data: Any, { sleep }: Any) => sleep(60000) };
  return openPage({ files: BIG, providers, ...options, ...host }, relay && { relay: { url: RELAY } });
}

test.each(STEPS)('abort $name', async (step) => {
  const host = hostOf(step);
  const seen = host.start({ timeout: 600000, ...step.options?.(host) });
  await host.clock.advance(step.after);
  const before = host.nativeCalls.length;
  expect(seen.told).toEqual([]);
  seen.task.abort();
  await host.clock.advance(0);
  // At once, not by and by.
  expectOver(host, seen);
  expectWellFormed(host, seen.error);
  expect(seen.error).toMatchObject({
    message: 'invokeService:fail abort',
    errCode: -2,
    billing: step.billing,
  });
  await host.clock.run();
  expect(host.nativeCalls).toHaveLength(before);
  expect(messagesOf(host)).toHaveLength(step.messages);
  expectOver(host, seen);
});

test('aborted transfers are aborted in the host, not just forgotten', async () => {
  const host = hostOf({ ...STEPS[0], relay: {} });
  const seen = host.start(FILE(host));
  await host.clock.advance(2000);
  expect(host.transfers.inFlight).toBe(1);
  seen.task.abort();
  expect(host.transfers.inFlight).toBe(0);
  expect(callsOf(host, 'uploadFile')).toEqual([expect.objectContaining({ aborted: true })]);
});

test('the slots of an aborted call are free for the next', async () => {
  const fake = Object.assign(new FakeRelay(), { fileTakes: 5000 });
  const host = openPage({ upload: 'absent', network: fake.network }, { relay: { url: RELAY } });
  const marks = (name: string): object => ({
    data: Array.from({ length: 12 }, (_, i) => host.mark(name + i)),
  });
  const first = host.start(marks('a'));
  const second = host.start(marks('b'));
  await host.clock.advance(1000);
  first.task.abort();
  await host.clock.run();
  expectOver(host, second);
  expect(second.result.data).toHaveLength(12);
  expect(fake.files.map(({ content }) => content[0])).toEqual(Array(12).fill('b'));
});

test('an abort of one call leaves the session of another alone', async () => {
  const fake = Object.assign(new FakeRelay(), { sessionTakes: 3000 });
  const host = openPage({ upload: 'absent', network: fake.network }, { relay: { url: RELAY } });
  const first = host.start({ data: host.mark('a') });
  const second = host.start({ data: host.mark('b') });
  await host.clock.advance(500);
  first.task.abort();
  await host.clock.run();
  expect(fake.credentials).toHaveLength(1);
  expect(fake.files.map(({ content }) => content)).toEqual(['b']);
  expectOver(host, second);
});

test('after the end it changes nothing, on success and on failure', async () => {
  const host = openPage();
  const good = await host.outcome({ data: 1 });
  const bad = await host.outcome({ service: '' });
  const before = host.nativeCalls.length;
  good.task.abort();
  bad.task.abort();
  good.task.abort();
  await host.clock.run();
  expect(good.result.data).toBe(1);
  expect(bad.error.message).toContain('must be provided');
  expect(host.nativeCalls).toHaveLength(before);
  expectOver(host, good);
  expectOver(host, bad);
});

test('twice is once', async () => {
  const host = openPage();
  const seen = host.start();
  seen.task.abort();
  seen.task.abort();
  await host.clock.run();
  expectOver(host, seen);
});

test('from inside a progress listener', async () => {
  const host = openPage();
  const seen = host.start(TEXT(host));
  host.run('task.onProgressUpdate(function () { task.abort() })', { task: seen.task });
  await host.clock.run();
  expectOver(host, seen);
  expect(seen.error.message).toBe('invokeService:fail abort');
  expect(messagesOf(host)).toEqual([]);
});

test('getAsyncResult can be aborted; it never costs anything', async () => {
  const host = openPage();
  host.fault({ api: 'operateWXData', effect: { delay: 5000 } });
  const seen = host.start({ requestId: 'r' }, 'getAsyncResult');
  await host.clock.advance(1000);
  seen.task.abort();
  await host.clock.run();
  expectOver(host, seen);
  expect(seen.error).toMatchObject({ message: 'getAsyncResult:fail abort', errCode: -2, billing: 'none' });
});

test('the promise of the shimmed member can be aborted too', async () => {
  const host = openInjectedHost();
  const seen: Any = host.run(
    `var seen = {}; seen.task = wx.serviceMarket.invokeService(options);
     seen.task.then(null, function (e) { seen.error = e }); return seen;`,
    { options: { ...SERVICE, data: 1 } },
  );
  await host.clock.advance(10);
  seen.task.abort();
  await host.clock.run();
  expect(seen.error.message).toBe('invokeService:fail abort');
  expectAtRest(host);
});
