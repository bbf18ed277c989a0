/** What became of mutants: a table by folder, and the survivors. */
import fs from 'node:fs';
import path from 'node:path';
import type { Verdict } from './judge';
import { groupBy } from './mutants';
import type { Mutant } from './mutants';

export interface Judged {
  mutant: Mutant;
  verdict: Verdict | { status: 'invalid'; by?: string };
  /** The slow tests have judged it too. */
  isFinal?: boolean;
}

/** A change that no test can notice, because nothing behaves otherwise. */
interface Equivalent {
  file: string;
  /** The changed text, with as much of its line as makes it the only one. */
  line: string;
  from: string;
  to: string;
  reason: string;
}

const EQUIVALENTS = JSON.parse(
  fs.readFileSync(path.join(__dirname, 'equivalent-mutants.json'), 'utf8'),
) as Equivalent[];

const isEquivalent = ({ file, from, to, line }: Mutant): boolean => {
  const text = fs.readFileSync(file, 'utf8').split('\n')[line - 1];
  return EQUIVALENTS.some(
    (known) => known.file === file && known.from === from && known.to === to && text.includes(known.line),
  );
};

interface Counts {
  judged: number;
  noticed: number;
  equivalent: number;
}

const percent = ({ judged, noticed, equivalent }: Counts) =>
  judged > equivalent ? `${((100 * noticed) / (judged - equivalent)).toFixed(1)} %` : '';

export function printReport(judged: readonly Judged[], possible: number): void {
  const valid = judged.filter(({ verdict }) => verdict.status !== 'invalid');
  const survivors = valid.filter(({ verdict }) => verdict.status === 'survived');
  const equivalents = new Set(survivors.filter(({ mutant }) => isEquivalent(mutant)));
  const count = (some: readonly Judged[]): Counts => ({
    judged: some.length,
    noticed: some.filter(({ verdict }) => verdict.status !== 'survived').length,
    equivalent: some.filter((one) => equivalents.has(one)).length,
  });
  const row = (name: string, counts: Counts) =>
    console.log(
      `| ${name} | ${counts.judged} | ${counts.noticed} | ${counts.equivalent} | ${percent(counts)} |`,
    );
  console.log(`\n| folder | mutants | noticed | equivalent | noticed of the others |`);
  console.log('| --- | --- | --- | --- | --- |');
  const folders = groupBy(valid, ({ mutant }) => path.dirname(mutant.file));
  for (const folder of [...folders.keys()].sort()) row(folder, count(folders.get(folder)!));
  row(`all (${possible} possible)`, count(valid));
  for (const one of survivors) {
    if (equivalents.has(one)) continue;
    const { file, line, column, kind, from, to } = one.mutant;
    const wait = one.isFinal ? '' : ' (slow tests have not judged it)';
    console.log(
      `survived${wait}: ${file}:${line}:${column} ${kind}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`,
    );
  }
}
