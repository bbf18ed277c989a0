import { parsedOr, randomWord } from '../text';
import type { Any } from '../types';
import type { MarketChannel } from './types';

/** Codes of the market itself (protocol 11). */
export const BAD_ARGUMENT = -1;
export const LOGIC_FAILED = -3;
export const BAD_API = -7;

/** Thrown where a message is refused; answered in the form of its version. */
export class Refusal extends Error {
  constructor(
    readonly errcode: number,
    readonly errmsg: string,
  ) {
    super(errmsg);
  }
}

/** Who sends a message, and over which channel. */
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

/**
 * The request's `data`, parsed; undefined where the page sent none.
 *
 * @throws Refusal when it is no JSON
 */
export function dataOf({ data }: Any): unknown {
  if (data === undefined) return undefined;
  const unreadable = new Refusal(BAD_ARGUMENT, 'data is not JSON text');
  const value = typeof data === 'string' ? parsedOr(data, unreadable) : unreadable;
  if (value === unreadable) throw unreadable;
  return value;
}
