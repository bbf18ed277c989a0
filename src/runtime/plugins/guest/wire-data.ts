import { isMarker } from '../../payload/brand';
import { stringifyWithPath } from '../../payload/json-path';
import type { Content } from '../types';
import { ownBrand } from './environment';

// The form of data between plugin and host (plugins/types.ts), apart from when and where it is sent.

/** A marker's content as it crosses; 0 for what cannot be content, which the host then refuses. */
function toWireContent(content: any): Content {
  const kind = Object.prototype.toString.call(content);
  if (typeof content === 'string') return 't' + content;
  if (kind === '[object ArrayBuffer]') return content;
  if (kind !== '[object Object]') return 0;
  return 'f' + (typeof content.filePath === 'string' ? content.filePath : '');
}

/**
 * Serializes a call's data as it is now, in the form that crosses to the host.
 *
 * @returns the last arguments of Send: the JSON string, the token in it, and the content of each marker
 * @throws Failure for what JSON.stringify throws, and for whatever throws in it
 */
export function serializeData(data: unknown): unknown[] {
  const token = '#' + Math.random() + ':';
  const contents: Content[] = [];
  const text = stringifyWithPath(data, (value) => {
    if (!isMarker(value, ownBrand)) return value;
    contents.push(toWireContent(value.options));
    return token + (contents.length - 1);
  });
  return ([text, token] as unknown[]).concat(contents);
}
