import type { Host } from '../core/host';

const NAME = 'serviceMarket';

/**
 * Defines the host's market. It may be an accessor without setter (2.11.0), so it cannot be assigned.
 *
 * @returns puts the host back as it was
 * @throws where the host is frozen
 */
export function define(host: Host, value: object): () => void {
  const before = Object.getOwnPropertyDescriptor(host, NAME);
  Object.defineProperty(host, NAME, { configurable: true, enumerable: true, writable: true, value });
  return () => {
    if (before) Object.defineProperty(host, NAME, before);
    else delete host[NAME];
  };
}
