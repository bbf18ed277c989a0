/** Which test file runs which function, and how long it takes. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildRuntime } from './build-runtime';
import { markFunctions } from './functions';
import { Judge } from './judge';
import { sourcesOf, testsOf } from './sets';
import type { MutationSet } from './sets';

export interface Coverage {
  /** Milliseconds of the processor by test file, of those that can judge. */
  milliseconds: Record<string, number>;
  /** Test files by function. */
  suites: Record<string, string[]>;
}

const MAX_SUITE_MS = 300_000;

/** Tests that fail with marks alone can judge; what ran in them was written down all the same. */
async function addUnmarked(suites: readonly string[], coverage: Coverage): Promise<void> {
  const judge = new Judge();
  for (const suite of suites) {
    const result = await judge.run(suite, MAX_SUITE_MS);
    if (!result || result.failure) console.error(`left out: ${suite}: ${result?.failure ?? 'does not end'}`);
    else coverage.milliseconds[suite] = result.milliseconds;
  }
  judge.close();
}

/** Runs every test of a set once, in the copy of a checkout that is the current folder. */
export async function measureCoverage(set: MutationSet): Promise<Coverage> {
  const record = fs.mkdtempSync(path.join(os.tmpdir(), 'servicemarket-functions-'));
  const sources = sourcesOf(set);
  const texts = new Map(sources.map((file) => [file, fs.readFileSync(file, 'utf8')]));
  const judge = new Judge({ FUNCTIONS_RECORD: record });
  const failed: string[] = [];
  const coverage: Coverage = { milliseconds: {}, suites: {} };
  try {
    for (const [file, text] of texts) fs.writeFileSync(file, markFunctions(file, text));
    if (set.isBuilt) await buildRuntime(sources);
    for (const suite of testsOf(set)) {
      const result = await judge.run(suite, MAX_SUITE_MS);
      if (!result || result.failure) failed.push(suite);
      else coverage.milliseconds[suite] = result.milliseconds;
    }
  } finally {
    judge.close();
    for (const [file, text] of texts) fs.writeFileSync(file, text);
    if (set.isBuilt) await buildRuntime(sources);
  }
  await addUnmarked(failed, coverage);
  for (const name of fs.readdirSync(record)) {
    const { file, ran } = JSON.parse(fs.readFileSync(path.join(record, name), 'utf8')) as {
      file: string;
      ran: string[];
    };
    if (!(file in coverage.milliseconds)) continue;
    for (const id of ran) (coverage.suites[id] ??= []).push(file);
  }
  fs.rmSync(record, { recursive: true });
  return coverage;
}
