/**
 * `npm run mutate`: changes one place of a source at a time, in a copy of the checkout, and says which changes the
 * tests that run the place do not notice.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildRuntime } from './build-runtime';
import { copyCheckout } from './checkout-copy';
import { measureCoverage } from './coverage';
import type { Coverage } from './coverage';
import { Judge } from './judge';
import { mutantsOf, sample } from './mutants';
import type { Mutant } from './mutants';
import { printReport } from './report';
import type { Judged } from './report';
import { SETS, sourcesOf } from './sets';
import type { MutationSet } from './sets';

const HELP = `npm run mutate -- --set runtime|relay|inject [options]

  --set NAME      what is changed: ${Object.keys(SETS).join(', ')}
  --seed N        which mutants are chosen (1)
  --count N       how many (100)
  --folder PATH   only sources below it
  --list          prints the mutants and changes nothing
  --report        prints the report of what was judged before
  --again         judges the survivors of before once more

What was judged and which test runs which function is kept in .cache/mutation, so that a run that
was stopped goes on; remove the folder after sources or tests have changed.`;

/** Milliseconds of tests by which each mutant is judged alone; slower ones judge several survivors at once. */
const ALONE_MS = 20_000;

/** Tests that take longer judge only what no other test runs. */
const MAX_JUDGING_MS = 60_000;

/** Survivors that the slow tests judge at once. */
const MAX_TOGETHER = 6;

const KEPT = path.resolve('.cache/mutation');

/** Runs something while the copy holds these mutants, and puts its sources back. */
async function withMutants<T>(
  set: MutationSet,
  mutants: readonly Mutant[],
  run: () => Promise<T>,
): Promise<T> {
  const texts = new Map(mutants.map(({ file }) => [file, fs.readFileSync(file, 'utf8')]));
  const files = [...texts.keys()];
  try {
    for (const file of files) {
      const changed = mutants
        .filter((mutant) => mutant.file === file)
        .sort((one, other) => other.start - one.start)
        .reduce((text, { start, end, to }) => text.slice(0, start) + to + text.slice(end), texts.get(file)!);
      fs.writeFileSync(file, changed);
    }
    if (set.isBuilt) await buildRuntime(files);
    return await run();
  } finally {
    for (const [file, text] of texts) fs.writeFileSync(file, text);
    if (set.isBuilt) await buildRuntime(files);
  }
}

/** The tests that run the place of a mutant, the quickest first: those of `ALONE_MS`, and the others. */
function suitesOf(
  { functionId }: Mutant,
  { milliseconds, suites }: Coverage,
): { quick: string[]; slow: string[] } {
  const all = functionId.endsWith('#module') ? Object.keys(milliseconds) : (suites[functionId] ?? []);
  const sorted = [...all].sort((one, other) => milliseconds[one] - milliseconds[other]);
  let sum = 0;
  const quick = sorted.filter((suite) => (sum += milliseconds[suite]) <= ALONE_MS);
  const slow = sorted.slice(quick.length).filter((suite) => milliseconds[suite] <= MAX_JUDGING_MS);
  return { quick, slow: quick.length + slow.length > 0 ? slow : sorted };
}

/** Judges survivors by the slow tests: several at once, and in halves where one of them is noticed. */
async function judgeTogether(
  judged: readonly Judged[],
  judge: (mutants: readonly Judged[]) => Promise<Judged['verdict']>,
): Promise<void> {
  if (judged.length === 0) return;
  const verdict = await judge(judged);
  if (verdict.status === 'survived') return;
  if (judged.length === 1) {
    judged[0].verdict = verdict;
    return;
  }
  const half = Math.ceil(judged.length / 2);
  await judgeTogether(judged.slice(0, half), judge);
  await judgeTogether(judged.slice(half), judge);
}

/** Groups without two mutants of one function, which could hide one another. */
function groupsOf(judged: readonly Judged[]): Judged[][] {
  const groups: Judged[][] = [];
  for (const one of judged) {
    const fits = (group: Judged[]) =>
      group.length < MAX_TOGETHER && group.every(({ mutant }) => mutant.group !== one.mutant.group);
    const group = groups.find(fits);
    if (group) group.push(one);
    else groups.push([one]);
  }
  return groups;
}

function readKept<T>(name: string): T | undefined {
  const file = path.join(KEPT, name);
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as T) : undefined;
}

function writeKept(name: string, value: unknown): void {
  fs.mkdirSync(KEPT, { recursive: true });
  fs.writeFileSync(path.join(KEPT, name), JSON.stringify(value, null, 1));
}

async function judgeAll(
  set: MutationSet,
  setName: string,
  chosen: readonly Mutant[],
  before: readonly Judged[],
  save: (judged: readonly Judged[]) => void,
): Promise<Judged[]> {
  const copy = copyCheckout(process.cwd());
  const stop = new AbortController();
  const judge = new Judge();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const judged = [...before];
  try {
    process.chdir(copy);
    buildWhole();
    let coverage = readKept<Coverage>(`coverage-${setName}.json`);
    if (!coverage) writeKept(`coverage-${setName}.json`, (coverage = await measureCoverage(set)));
    const timeOf = (suite: string) => coverage.milliseconds[suite];
    const isDone = (mutant: Mutant) =>
      judged.some(
        (other) =>
          other.mutant.file === mutant.file &&
          other.mutant.start === mutant.start &&
          other.mutant.to === mutant.to,
      );
    for (const mutant of chosen) {
      if (stop.signal.aborted) break;
      if (isDone(mutant)) continue;
      const { quick } = suitesOf(mutant, coverage);
      const verdict = await withMutants(set, [mutant], () => judge.judge(quick, timeOf)).catch((error) => ({
        status: 'invalid' as const,
        by: String(error).slice(0, 200),
      }));
      judged.push({ mutant, verdict });
      save(judged);
      console.log(
        `${judged.length}/${chosen.length} ${verdict.status} ${mutant.file}:${mutant.line} ${JSON.stringify(mutant.from.slice(0, 60))} -> ${JSON.stringify(mutant.to.slice(0, 60))} ${verdict.by?.slice(0, 100) ?? ''}`,
      );
    }
    const open = judged.filter(({ verdict, isFinal }) => verdict.status === 'survived' && !isFinal);
    for (const group of groupsOf(open)) {
      if (stop.signal.aborted) break;
      await judgeTogether(group, (some) =>
        withMutants(
          set,
          some.map(({ mutant }) => mutant),
          () => {
            const slow = new Set(some.flatMap(({ mutant }) => suitesOf(mutant, coverage).slow));
            return judge.judge(
              [...slow].sort((one, other) => timeOf(one) - timeOf(other)),
              timeOf,
            );
          },
        ),
      );
      for (const one of group) one.isFinal = true;
      save(judged);
    }
  } finally {
    judge.close();
    process.chdir(path.dirname(path.dirname(KEPT)));
    fs.rmSync(copy, { recursive: true });
  }
  return judged;
}

/** Everything that tests of built files need, once. */
function buildWhole(): void {
  console.error('Building the copy…');
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      set: { type: 'string' },
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '100' },
      folder: { type: 'string', default: '' },
      list: { type: 'boolean' },
      report: { type: 'boolean' },
      again: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const set = SETS[values.set ?? ''];
  if (values.help || !set) {
    console.log(HELP);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  const all = sourcesOf(set)
    .filter((file) => file.startsWith(values.folder))
    .flatMap(mutantsOf);
  const chosen = sample(all, Number(values.count), Number(values.seed));
  if (values.list) {
    for (const { file, line, column, kind, from, to } of chosen)
      console.log(`${file}:${line}:${column} ${kind} ${JSON.stringify(from)} -> ${JSON.stringify(to)}`);
    console.log(`${chosen.length} of ${all.length}`);
    return;
  }
  const name = `judged-${values.set}-${values.seed}.json`;
  let before = readKept<Judged[]>(name) ?? [];
  if (values.again) before = before.filter(({ verdict }) => verdict.status !== 'survived');
  const judged = values.report
    ? before
    : await judgeAll(set, values.set!, chosen, before, (some) => writeKept(name, some));
  printReport(judged, all.length);
}

void main();
