import { expectKind } from '../apis/callbacks';
import { NativeFailure, ParameterFailure } from '../client/natives';
import type { Env } from '../host/env';
import type { Any } from '../types';
import type { Transfer, TransferKind } from './transfers';

/** Which URLs requests may reach, and what is added to each request. */
export interface NetworkRules {
  /** @throws NativeFailure when the URL is not allowed */
  allow(url: string): void;
  headers(): Record<string, string>;
  /** What crosses to the client beside the page's parameters. */
  params: Record<string, unknown>;
}

/** The app's own list of domains. */
export const hostRules = (env: Env): NetworkRules => ({
  allow(url) {
    const { domains } = env.options;
    if (domains && !domains.includes(new URL(url).origin)) throw new NativeFailure('url not in domain list');
  },
  headers: () => ({}),
  params: {},
});

/** The transfer with the additions of the rules. */
export function withRules(rules: NetworkRules, transfer: Transfer): Transfer {
  const { params, exchange } = transfer;
  return {
    ...transfer,
    params: { ...params, ...rules.params },
    exchange: { ...exchange, headers: { ...exchange.headers, ...rules.headers() } },
  };
}

/** `errno` of a URL that is none. */
const INVALID_URL = 600009;

/** @throws NativeFailure when the URL is none, or not allowed */
export function checkUrl(kind: TransferKind, rules: NetworkRules, args: Any): void {
  expectKind(args, 'url', ['String']);
  const url = args.url as string;
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    const cause = `invalid url "${url}"`;
    // The library looks only at the URL of a request, and leaves the others to the client.
    throw kind === 'request' ? new ParameterFailure(cause, INVALID_URL) : new NativeFailure(cause);
  }
  rules.allow(url);
}
