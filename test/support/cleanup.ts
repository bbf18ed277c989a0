/**
 * The one clean-up of all tests. What a test opens registers here how it is closed; jest runs this file before each
 * suite (`setupFilesAfterEnv`), so that no suite needs an `afterEach` of its own for it. Spies of jest are taken off
 * and its clock is put back in any case.
 */

export type Cleanup = () => unknown;

const ofTest: Cleanup[] = [];
const ofSuite: Cleanup[] = [];

/** Runs `cleanup` after the current test, also when that fails; the last registered runs first. */
export function cleanUpAfterTest(cleanup: Cleanup): void {
  ofTest.push(cleanup);
}

/** Runs `cleanup` after the last test of the file: for what `beforeAll` opens. */
export function cleanUpAfterSuite(cleanup: Cleanup): void {
  ofSuite.push(cleanup);
}

/** Sets variables of the environment until the test is over; `undefined` removes one. */
export function setEnvironment(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    cleanUpAfterTest(() => put(name, before));
    put(name, value);
  }
}

function put(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** Runs all of them, also after one has failed, and fails if any did. */
async function runAll(cleanups: Cleanup[]): Promise<void> {
  const errors: unknown[] = [];
  for (const cleanup of cleanups.splice(0).reverse()) {
    try {
      await cleanup();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0)
    throw errors.length === 1 ? errors[0] : new AggregateError(errors, 'Failed to clean up');
}

afterEach(() => {
  // First, so that what is closed sees the real clock and the real functions.
  jest.useRealTimers();
  jest.restoreAllMocks();
  return runAll(ofTest);
});
afterAll(() => runAll(ofSuite));
