/** Runs the suites in the page. build-page.ts makes it, and names the suites. */
import { suites } from 'virtual:suites';
import { type Block, blocksOf, DeclaredTests } from '../declared-tests';
import { isExcluded } from '../excluded';

export interface Result {
  title: string;
  /** Why it failed. */
  error?: string;
}

const MAX_TEST_MS = 120_000;

const declared = new DeclaredTests();
Object.assign(globalThis, declared.globals(), {
  // The clean-up puts back what a test has changed by them; no test of the simulator does.
  jest: { useRealTimers() {}, restoreAllMocks() {} },
  // Whoever listens to Node's process for rejections hears none here.
  process: { env: {}, listeners: () => [], removeAllListeners() {}, on() {} },
});

/** Loads the suites, which declare their tests. */
async function loadSuites(): Promise<void> {
  // After the globals that they need.
  Object.assign(globalThis, { expect: (await import('expect')).expect });
  await import('../../../../support/cleanup');
  for (const [title, load] of Object.entries(suites)) {
    declared.beginSuite(title);
    await load();
  }
}

/** Runs what is not excluded, one test after the other, with the hooks of its blocks as jest runs them. */
async function runSuites(): Promise<Result[]> {
  await loadSuites();
  const results: Result[] = [];
  let open: Block[] = [];
  for (const { title, block, body } of declared.tests.filter((test) => !isExcluded(test.title))) {
    const blocks = blocksOf(block);
    await leave(open, blocks);
    const entered = blocks.filter((one) => !open.includes(one));
    open = blocks;
    const steps = [
      ...entered.flatMap(({ hooks }) => hooks.beforeAll),
      ...blocks.flatMap(({ hooks }) => hooks.beforeEach),
      body,
    ];
    const errors = [await failureOf(steps)];
    for (const { hooks } of blocks.toReversed()) errors.push(await failureOf(hooks.afterEach));
    results.push({ title, error: errors.find((error) => error !== undefined) });
  }
  await leave(open, []);
  return results;
}

/** Runs what is to be done after the last test of the open blocks that the next test is not in. */
async function leave(open: Block[], next: Block[]): Promise<void> {
  const left = open.filter((block) => !next.includes(block)).reverse();
  for (const step of left.flatMap(({ hooks }) => hooks.afterAll)) await step();
}

/** Runs steps until one fails. @returns why, undefined where none does */
async function failureOf(steps: (() => unknown)[]): Promise<string | undefined> {
  try {
    for (const step of steps) await inTime(step);
    return undefined;
  } catch (error) {
    const { message, stack } = Object(error) as Partial<Error>;
    return stack ?? message ?? String(error);
  }
}

function inTime(step: () => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const late = new Error(`Failed to run a test: ${MAX_TEST_MS / 1000} s are over.`);
    setTimeout(reject, MAX_TEST_MS, late);
    new Promise((done) => done(step())).then(resolve, reject);
  });
}

Object.assign(globalThis, { runSuites });
