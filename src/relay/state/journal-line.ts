import type { NewLine } from './journal';
import type { Place } from './journal-io';
import type { Outcome } from '../../invocation';

/** One line of the file. `at` is Unix ms. */
export type Line =
  | { t: 'intent'; k: string; h: string; at: number }
  | { t: 'outcome'; k: string; o: Outcome }
  | { t: 'release'; k: string }
  | { t: 'owner'; k: string; u: string; at: number };

/** @throws Error that says what to do: a line that cannot be read could be an intent */
export function readLine(path: string, text: string, place: Place): Line {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    line = undefined;
  }
  if (typeof line !== 'object' || line === null) {
    throw new Error(
      `Failed to read ${path}: the line at byte ${place.offset} is damaged. Restore the file, or move it ` +
        'away; calls of the last 24 hours may then be billed again when they are repeated.',
    );
  }
  return line as Line;
}

/** A line that nobody has to find again. */
export function newLine(line: Line): NewLine {
  return { line: JSON.stringify(line), placed: () => {} };
}
