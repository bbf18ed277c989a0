/** Virtual time that passes by itself, and what says that it does not. */
import { createWatchdog } from '../../src/simulator/clock/watchdog';
import { HeldWork, macrotask } from '../../src/simulator/clock/work';
import { openProject, project, SERVICE } from './support';

const CALL = `wx.serviceMarket.invokeService({ service: '${SERVICE}', api: 'A' })`;
const TAP = '<view id="go" bindtap="go"/>';

test('a service that needs the machine’s time is waited for before a timer of the page fires', async () => {
  const host = openProject(
    project(
      `Page({ data: { log: [] },
      note(what) { this.setData({ log: this.data.log.concat(what) }); },
      go() { setTimeout(() => this.note('timer'), 5000); ${CALL}.then(() => this.note('answer')); },
    })`,
      TAP,
    ),
  );
  host.provide(SERVICE, { A: () => new Promise((resolve) => setTimeout(resolve, 200)) });
  const page = await host.open('pages/a/a');
  await page.tap('#go');
  expect(page.data.log).toEqual(['answer', 'timer']);
});

test('it works under the fake timers of a runner', async () => {
  const host = openProject(
    project(`Page({ data: {}, go() { return ${CALL}.then(({ data }) => this.setData({ data })); } })`, TAP),
  );
  host.provide(SERVICE, { A: () => 'done' });
  jest.useFakeTimers();
  try {
    const page = await host.open('pages/a/a');
    await page.tap('#go');
    expect(page.data).toEqual({ data: 'done' });
  } finally {
    jest.useRealTimers();
  }
});

test('three minutes take none, and what is shown in between can be seen', async () => {
  const host = openProject(
    project(`Page({ data: { state: 'empty' },
    async read() { this.setData({ state: 'loading' }); await ${CALL}; this.setData({ state: 'done' }); } })`),
  );
  host.provide(SERVICE, { A: (_data, { sleep }) => sleep(180_000) });
  const page = await host.open('pages/a/a');
  const reading = page.read();
  await host.clock.advance(60_000);
  expect(page.data.state).toBe('loading');
  await reading;
  expect(page.data.state).toBe('done');
});

test('a promise that nothing settles says what to look for', async () => {
  const page = await openProject(project('Page({ never() { return new Promise(() => {}); } })')).open(
    'pages/a/a',
  );
  await expect(page.never()).rejects.toThrow(
    'it is pending and no timer is left: nothing that the host does can settle it. Look for a callback that is never called',
  );
});

describe('page code that never comes to rest', () => {
  const LOOP = `Page({ data: { n: 0 }, go() { this.setData({ n: this.data.n + 1 }); setTimeout(() => this.go(), 1000); } })`;

  test('fails the tap, with the remedy', async () => {
    const page = await openProject(project(LOOP, TAP)).open('pages/a/a');
    await expect(page.tap('#go')).rejects.toThrow(
      "Failed to tap #go: after 10 minutes of host time 'setTimeout' still waits. Where that is what the page does, say how long to wait: createHost({ settleMs: 1000 }).",
    );
  });

  test('is left to itself after settleMs', async () => {
    const page = await openProject(project(LOOP, TAP), { settleMs: 2500 }).open('pages/a/a');
    await page.tap('#go');
    expect(page.data.n).toBe(3);
  });

  test('does not count where it is an interval, or sleeps in the background', async () => {
    const host = openProject(
      project(
        'Page({ data: { n: 0 }, onLoad() { setInterval(() => this.setData({ n: this.data.n + 1 }), 1000); }, go() { setTimeout(() => this.setData({ woken: true }), 100); } })',
        TAP,
      ),
    );
    const page = await host.open('pages/a/a');
    host.background();
    await page.tap('#go');
    expect(page.data).toEqual({ n: 0 });
    host.foreground();
    await host.rest();
    expect(page.data).toMatchObject({ woken: true });
    await host.clock.advance(3000);
    expect(page.data.n).toBe(3);
  });
});

describe('work that the clock waits for', () => {
  test('does not hold time up while it waits for other work that sleeps, as a server does for its service', async () => {
    let wake = (): void => {};
    const held = new HeldWork(() => new Promise((resolve) => (wake = resolve)));
    const server = held.run(() => held.run((sleep) => sleep(50_000)));
    expect(held.isFresh()).toBe(false);
    wake();
    await macrotask();
    await server;
    const file = held.run(() => macrotask());
    expect(held.isFresh()).toBe(true);
    await file;
    expect(held.isFresh()).toBe(false);
  });
});

describe('time that nobody moves', () => {
  beforeEach(() => void jest.useFakeTimers());
  test.each([
    ['is reported after a while, once', 'request', 1],
    ['is nothing to report where nothing waits', undefined, 0],
  ])('%s', (_title, waiting, reports) => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    const watchdog = createWatchdog(() => waiting);
    for (let i = 0; i < 2; i++) {
      watchdog.arm();
      jest.advanceTimersByTime(3000);
    }
    expect(warn).toHaveBeenCalledTimes(reports);
    if (reports)
      expect(warn.mock.calls[0][0]).toMatch(/virtual time stands still, and 'request' waits for it\. Await/);
    warn.mockRestore();
    watchdog.close();
  });
});
