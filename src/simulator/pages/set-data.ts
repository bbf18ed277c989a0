import type { Intrinsics } from '../realm/realm';
import type { Any } from '../types';

/** What makes the values that are set: the realm's own, or those of the view. */
type Makers = Pick<Intrinsics, 'Object' | 'Array' | 'JSON'>;

/** Sets values at paths such as `list[0].name`; only JSON crosses to the view, as on the platform. */
export function setData(makers: Makers, data: Any, change: Record<string, unknown>): void {
  for (const [path, value] of Object.entries(change)) {
    if (value === undefined) continue;
    const keys = keysOf(path);
    const last = keys.pop() as string;
    let target = data;
    for (const [index, key] of keys.entries()) {
      const next = keys[index + 1] ?? last;
      target[key] ??= /^\d+$/.test(next) ? new makers.Array() : new makers.Object();
      target = target[key];
    }
    target[last] = copied(makers, value);
  }
}

function copied({ JSON: own }: Makers, value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : (own.parse(text) as unknown);
}

const keysOf = (path: string): string[] => path.replace(/\[(\d+)\]/g, '.$1').split('.');

/** The value at a path; undefined where there is none. */
function valueAt(data: Any, path: string): unknown {
  return keysOf(path).reduce((value: Any, key) => value?.[key] as unknown, data) as unknown;
}

/**
 * The values that an observer is called with, or undefined where it watches nothing that changed.
 *
 * @param fields - paths with commas between them; `**` stands for everything below
 */
export function observed(data: Any, fields: string, change: Record<string, unknown>): unknown[] | undefined {
  const watched = fields.split(',').map((field) => field.trim());
  const isTouched = Object.keys(change).some((path) => watched.some((field) => meets(field, path)));
  return isTouched ? watched.map((field) => valueAt(data, field.replace(/\.?\*\*$/, ''))) : undefined;
}

/** A change of a part changes the whole only where the observer says `**`; one of the whole changes its parts. */
function meets(field: string, path: string): boolean {
  const keys = keysOf(field);
  const changed = keysOf(path);
  const isDeep = keys[keys.length - 1] === '**';
  const wanted = isDeep ? keys.slice(0, -1) : keys;
  const shared = Math.min(wanted.length, changed.length);
  const isOneWay = wanted.slice(0, shared).every((key, index) => key === changed[index]);
  return isOneWay && (isDeep || changed.length <= wanted.length);
}
