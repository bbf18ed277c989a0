import type { Any } from '../types';

/** The typed JSON in which the cloud database's values travel. */

/** Plain values of a document or query. @param now - for server dates, which carry an offset only */
export function readTyped(text: string, now: number): Any {
  return plain(JSON.parse(text) as Any, now);
}

function plain(value: Any, now: number): Any {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: Any) => plain(item, now) as unknown);
  const number = (value.$numberInt ?? value.$numberDouble ?? value.$numberLong) as string | undefined;
  if (number !== undefined) return Number(number);
  if (value.$date !== undefined) return dateOf(value.$date);
  if (value.$tcb_server_date !== undefined) return new Date(now + (value.$tcb_server_date.offset as number));
  const entries = Object.entries(value as object).map(([key, item]) => [key, plain(item, now) as unknown]);
  return Object.fromEntries(entries) as Any;
}

const dateOf = (date: Any): Date =>
  new Date(typeof date === 'string' ? date : Number(date.$numberLong ?? date));

/** A document as text; dates stay dates. */
export function writeTyped(document: Any): string {
  return JSON.stringify(typed(document));
}

function typed(value: Any): Any {
  if (value instanceof Date) return { $date: { $numberLong: String(value.getTime()) } };
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(typed) as Any;
  return Object.fromEntries(
    Object.entries(value as object).map(([key, item]) => [key, typed(item) as unknown]),
  );
}
