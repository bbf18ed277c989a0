import { stripVTControlCharacters, styleText } from 'node:util';

/** Where a command writes; tests pass their own. */
export interface Output {
  /** Results. */
  out(text: string): void;
  /** Errors and remarks. */
  err(text: string): void;
  /** Whether results may be coloured. */
  colour: boolean;
  /** Asks a question that is answered by yes or no; absent where nobody can be asked. */
  ask?(question: string): Promise<boolean>;
}

type Style = Parameters<typeof styleText>[0];

/** Colours only on a terminal, and not where NO_COLOR asks for none (https://no-color.org). */
export function processOutput(): Output {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    colour: Boolean(process.stdout.isTTY) && !process.env.NO_COLOR,
    // The prompts are loaded with the first question: most runs ask none.
    ...(process.stdin.isTTY && process.stdout.isTTY && !process.env.CI
      ? { ask: async (question) => (await import('./ask')).ask(question) }
      : {}),
  };
}

/** @returns the text in a style, where results may be coloured */
export function paint(output: Output, style: Style, text: string): string {
  return output.colour ? styleText(style, text, { validateStream: false }) : text;
}

/** Characters that terminals show in two columns: Chinese, and full-width forms. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/gu;

/** @returns the columns that a text has on a terminal */
export function displayWidth(text: string): number {
  const shown = stripVTControlCharacters(text);
  return shown.length + (shown.match(WIDE)?.length ?? 0);
}

/** Columns padded to their widest cell; the last one is not padded. */
export function formatTable(rows: string[][]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column]))));
  const pad = (cell: string, width: number): string => cell + ' '.repeat(width - displayWidth(cell));
  return rows
    .map((row) =>
      row.map((cell, column) => (column < row.length - 1 ? pad(cell, widths[column]) : cell)).join('  '),
    )
    .join('\n');
}

/** @returns the text without what would control a terminal: ids of calls are chosen by users */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '\uFFFD');
}
