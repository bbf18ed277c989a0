const MAX_STEPS = 20_000;

/**
 * Calls `step` until it gives its report.
 *
 * @param step - runs one step of in-engine/runner.js and the engine's jobs after it
 * @returns the report
 * @throws Error after 20,000 steps
 */
export async function runSteps(step) {
  for (let i = 0; i < MAX_STEPS; i++) {
    const report = await step();
    if (report !== undefined && report !== null) return JSON.parse(report);
  }
  throw new Error(`Failed to run the cases: no end after ${MAX_STEPS} steps.`);
}
