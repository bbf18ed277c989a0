import type { Host } from '../types';
import { billed, calledService, uploaded } from './checks';

/**
 * The checks as matchers, for `expect.extend`. `simulator/jest` and `simulator/vitest` register them.
 */
export const matchers = {
  toHaveCalledService: (host: Host, service: string, api?: string, data?: unknown) =>
    calledService(host, service, api, data),
  toHaveUploaded: (host: Host, content?: string | Uint8Array) => uploaded(host, content),
  toHaveBilled: (host: Host, count?: number) => billed(host, count),
};

/** Types of the matchers, as `expect` has them. */
export interface HostMatchers<R = unknown> {
  /**
   * A service was called. Repeats of a call count as one.
   *
   * @param api - any API of the service when absent
   * @param data - what the sent `data` has among its fields
   */
  toHaveCalledService(service: string, api?: string, data?: unknown): R;
  /**
   * A file left the phone.
   *
   * @param content - its path on the phone, its text, or its bytes; any file when absent
   */
  toHaveUploaded(content?: string | Uint8Array): R;
  /**
   * So many calls were billed.
   *
   * @param count - at least one when absent
   */
  toHaveBilled(count?: number): R;
}
