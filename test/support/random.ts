/** Generated cases: the same in every run of CI, so that it fails for the change alone; new ones in each other run. */
import fc from 'fast-check';

/** Printed by fast-check when a case fails; the environment variable repeats a run. */
export const SEED = Number(process.env.TEST_SEED) || (process.env.CI ? 1 : Date.now() % 2 ** 31);

fc.configureGlobal({ seed: SEED });

/** How often `npm run test:long` runs what a usual run of the tests runs once. */
export const TIMES: number = (globalThis as { TIMES?: number }).TIMES ?? 1;

/** Prints what a long run has counted. */
export function printFigures(name: string, counts: object): void {
  if (TIMES > 1) process.stdout.write(`${name}: ${JSON.stringify(counts)}\n`);
}

export { fc };
