/** The process of a judge: runs the test file that a message names and answers what failed in it. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCLI } from 'jest';
import type { SuiteResult } from './judge';

/** Tests of sizes say nothing about behaviour. */
const BEHAVIOUR = '^(?!.*(is within|at most [0-9,]+ bytes))';

/** The project's configuration of jest, for one file in this process. */
async function configuration(): Promise<string> {
  const { default: own } = (await import(pathToFileURL(path.resolve('jest.config.js')).href)) as {
    default: { setupFilesAfterEnv: string[] };
  };
  const recording = process.env.FUNCTIONS_RECORD ? ['<rootDir>/test/mutation/record-functions.ts'] : [];
  return JSON.stringify({
    ...own,
    rootDir: process.cwd(),
    testEnvironment: '<rootDir>/test/mutation/failing-fast.ts',
    watchman: false,
    reporters: [],
    setupFilesAfterEnv: [...own.setupFilesAfterEnv, ...recording],
  });
}

async function failureOf(suite: string): Promise<string | undefined> {
  const { results } = await runCLI(
    {
      _: [suite],
      $0: 'jest',
      config: await configuration(),
      ci: true,
      runInBand: true,
      runTestsByPath: true,
      silent: true,
      testNamePattern: BEHAVIOUR,
    },
    [process.cwd()],
  );
  for (const { testResults, failureMessage } of results.testResults) {
    const failed = testResults.find(({ status }) => status === 'failed');
    if (failed) return failed.fullName;
    if (failureMessage) return failureMessage.slice(0, 300);
  }
  return results.success ? undefined : 'the tests did not run';
}

process.on('disconnect', () => process.exit());
process.on('message', (suite: string) => {
  // Of the processor, because on a busy machine time goes by for others.
  const began = process.cpuUsage();
  const answer = (failure?: string) => {
    const { user, system } = process.cpuUsage(began);
    const milliseconds = Math.ceil((user + system) / 1000);
    return process.send!({ failure, milliseconds } satisfies SuiteResult);
  };
  failureOf(suite).then(answer, (error) => answer(String(error).slice(0, 300)));
});
