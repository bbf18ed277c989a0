import type { Installation, ServiceMarket } from '../protocol';
import type { Native } from './detect';
import type { Host } from './host';

const NAME = 'serviceMarket';

/**
 * Puts a market on the host that has the native's own members where `members` says so, and ours elsewhere.
 * `wx.serviceMarket` may be an accessor without setter (2.11.0), so it is defined, not assigned.
 *
 * @returns puts the host back as it was
 * @throws where the host is frozen
 */
export function define(
  host: Host,
  { market }: Native,
  members: Installation['members'],
  ours: ServiceMarket,
): () => void {
  const before = Object.getOwnPropertyDescriptor(host, NAME);
  const value: any = Object.assign({}, market, ours);
  Object.keys(members).forEach((name) => {
    if (members[name as keyof ServiceMarket] === 'native') value[name] = market[name];
  });
  Object.defineProperty(host, NAME, { configurable: true, enumerable: true, writable: true, value });
  return () => {
    if (before) Object.defineProperty(host, NAME, before);
    else delete host[NAME];
  };
}
