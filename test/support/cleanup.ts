/**
 * The one clean-up of all tests. What a test opens registers here how it is closed; jest runs this file before each
 * suite (`setupFilesAfterEnv`), so that no suite needs an `afterEach` of its own for it.
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

afterEach(() => runAll(ofTest));
afterAll(() => runAll(ofSuite));
