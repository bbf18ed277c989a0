import { parsedOr, randomWord } from '../text';
import type { Any } from '../types';
import type { MarketChannel } from './types';

/** Who sends a message, over what. */
export interface Sender {
  channel: MarketChannel;
  /** Pays, unless the request names a payer. */
  appid: string;
  pluginAppid?: string;
}

/** A plugin that uses its own operateWXData pays itself; the platform's route for plugins charges the host. */
export function payerOf({ channel, appid, pluginAppid }: Sender): string {
  return channel === 'bridge' && pluginAppid ? pluginAppid : appid;
}

export const idOf = (request: Any): string => String(request.call_id ?? request.client_msg_id ?? '');

/** A message without any id repeats nothing. */
export const idKey = (sender: Sender, request: Any): string =>
  `${payerOf(sender)} ${idOf(request) || `none ${randomWord()}`}`;

export const newRequestId = (): string => `req-${randomWord()}`;

/** The request's `data` text, parsed; no text means that the page gave no data. */
export function dataOf({ data }: Any): { value: unknown } | Error {
  if (data === undefined) return { value: undefined };
  const unreadable = new Error('data is not JSON text');
  const value = typeof data === 'string' ? parsedOr(data, unreadable) : unreadable;
  return value === unreadable ? unreadable : { value };
}
