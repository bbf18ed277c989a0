/** Runs test files one by one in a process that stays, because to start jest takes longer than most of them. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';

export interface Verdict {
  status: 'killed' | 'survived' | 'timeout';
  /** The test that noticed the change, or the file that did not end. */
  by?: string;
}

/** What the process answers for one test file: the first failure, and the processor's time for it. */
export interface SuiteResult {
  failure?: string;
  milliseconds: number;
}

/** More than a file may wait for: other tests run on the same machine. */
const MIN_PATIENCE_MS = 90_000;

/** Files that one process runs: each leaves something behind in memory. */
const MAX_SUITES_PER_PROCESS = 300;

export class Judge {
  private worker?: ChildProcess;
  private served = 0;

  constructor(private readonly environment: Record<string, string> = {}) {}

  /** The first test of these files that fails; `milliseconds` says what each takes when it passes. */
  async judge(suites: readonly string[], milliseconds: (suite: string) => number): Promise<Verdict> {
    for (const suite of suites) {
      const result = await this.run(suite, MIN_PATIENCE_MS + 10 * milliseconds(suite));
      if (!result) return { status: 'timeout', by: suite };
      if (result.failure) return { status: 'killed', by: `${suite} > ${result.failure}` };
    }
    return { status: 'survived' };
  }

  /** Undefined where the file does not end in time; its process is ended then. */
  async run(suite: string, patience: number): Promise<SuiteResult | undefined> {
    if (this.served >= MAX_SUITES_PER_PROCESS) this.close();
    const worker = (this.worker ??= this.start());
    this.served++;
    const result = await new Promise<SuiteResult | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), patience);
      worker.once('message', (message) => resolve(message as SuiteResult));
      worker.once('exit', () => resolve({ failure: 'the process of the tests ended', milliseconds: 0 }));
      worker.send(suite);
      worker.once('message', () => clearTimeout(timer));
      worker.once('exit', () => clearTimeout(timer));
    });
    worker.removeAllListeners();
    if (!result || worker.exitCode !== null || worker.signalCode) this.close();
    return result;
  }

  /** Ends the process with everything that tests have started in it. */
  close(): void {
    if (this.worker?.pid && this.worker.exitCode === null) {
      try {
        process.kill(-this.worker.pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
    this.worker = undefined;
    this.served = 0;
  }

  private start(): ChildProcess {
    return fork(path.join(__dirname, 'judge-worker.ts'), {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [
        '--require',
        path.join(__dirname, '../support/run-typescript.cjs'),
        '--max-old-space-size=4096',
      ],
      env: { ...process.env, ...this.environment, CI: 'true', NO_COLOR: '1' },
    });
  }
}
