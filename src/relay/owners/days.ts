/** Days of the platform's time zone, UTC+8, by which it bills. */

const DAY_MS = 86_400_000;
const OFFSET_MS = 8 * 3_600_000;

/** @param at - Unix ms @returns the day's number, counted from 1970-01-01 */
export function dayOf(at: number): number {
  return Math.floor((at + OFFSET_MS) / DAY_MS);
}

/** @param day - its number @returns for example `2026-11-27` */
export function nameOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
