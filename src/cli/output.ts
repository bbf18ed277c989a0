import { styleText } from 'node:util';

/** Where a command writes; tests pass their own. */
export interface Output {
  /** Results. */
  out(text: string): void;
  /** Errors and remarks. */
  err(text: string): void;
  /** Whether results may be coloured. */
  colour: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** Colours only on a terminal, and not where NO_COLOR asks for none (https://no-color.org). */
export function processOutput(): Output {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    colour: Boolean(process.stdout.isTTY) && !process.env.NO_COLOR,
  };
}

/** @returns the text in a style, where results may be coloured */
export function paint(output: Output, style: Style, text: string): string {
  return output.colour ? styleText(style, text, { validateStream: false }) : text;
}

/** Columns padded to their widest cell; the last one is not padded. */
export function formatTable(rows: string[][]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row.map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column]) : cell)).join('  '),
    )
    .join('\n');
}
