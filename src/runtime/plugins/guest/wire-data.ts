import type { Content } from '../types';
import { isMarker } from './marker';

/** Why data cannot be written, and where: for example `data.images[2]`. */
export interface Fault {
  text: string;
  cause: unknown;
  path?: string;
}

/** Data nested this deep fails for its depth and nothing else, as in the host's payload. */
const DEEP = 1000;

/** A marker's content as it crosses; a number for what cannot be content, which the host then refuses. */
function toContent(content: any): Content {
  const kind = Object.prototype.toString.call(content);
  if (typeof content === 'string') return 't' + content;
  if (kind === '[object ArrayBuffer]') return content;
  if (kind !== '[object Object]') return 0;
  return 'f' + (typeof content.filePath === 'string' ? content.filePath : '');
}

/**
 * Writes a call's data as it is now, in the form that crosses to the host.
 *
 * @returns the last arguments of Send: the JSON text, the token in it, and the content of each marker
 * @throws Fault for what JSON.stringify throws, by whomever
 */
export function pack(data: unknown): unknown[] {
  const token = '#' + Math.random() + ':';
  const contents: unknown[] = [];
  const holders: unknown[] = [];
  const keys: string[] = [];
  try {
    const text = JSON.stringify(data, function (this: unknown, key, value) {
      const depth = holders.lastIndexOf(this) + 1;
      holders.length = keys.length = depth;
      holders[depth] = value;
      keys[depth] = /^\d+$/.test(key) ? '[' + key + ']' : '.' + key;
      return isMarker(value) ? token + (contents.push(toContent(value.options)) - 1) : value;
    });
    return [text, token].concat(contents as string[]);
  } catch (cause) {
    const last = keys.length - 1;
    if (last >= DEEP) throw { text: 'data is nested too deep: ' + keys.length + ' levels', cause };
    // Only of a cycle it is sure that the key was reached: a toJSON of the page throws before.
    const isCycle = holders.indexOf(holders[last]) < last;
    throw { text: String(cause), cause, path: isCycle ? 'data' + keys.slice(1).join('') : undefined };
  }
}
