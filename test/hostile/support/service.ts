/** A service that reads what was uploaded for it, and answers with the data as it came. */
import type { Provider } from '../../../src/simulator';
import type { Any } from '../../support/outcomes';

export interface Received {
  /** By call: the data, and the same with `<content>` in the place of each URL of an upload. */
  calls: { data: Any; read: Any }[];
}

/** Where the worlds keep uploads. No hostile text begins so. */
const UPLOADED = /^https:\/\/(cdn\.simulator\.test|relay\.test\/files|.*\?sign=)/;

export function readUploads(received: Received): Provider {
  return async (data: Any, { fetch }) => {
    const read = async (value: Any): Promise<Any> => {
      if (typeof value === 'string')
        return UPLOADED.test(value) ? `<${Buffer.from(await fetch(value)).toString()}>` : value;
      if (!value || typeof value !== 'object') return value;
      if (Array.isArray(value)) return Promise.all(value.map(read));
      const entries = Object.entries(value).map(async ([key, item]) => [key, await read(item)] as const);
      return Object.fromEntries(await Promise.all(entries));
    };
    received.calls.push({ data, read: await read(data) });
    return data ?? null;
  };
}
