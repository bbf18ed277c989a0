import type { Host } from '../types';
import { billed, calledService, uploaded } from './checks';
import type { Verdict } from './checks';

/** What a failed check throws: runners know it by its name and code. */
class CheckFailed extends Error {
  override name = 'AssertionError';
  readonly code = 'ERR_ASSERTION';
}

function demand({ pass, message }: Verdict): void {
  if (!pass) throw new CheckFailed(message());
}

/**
 * Checks that a service was called. Repeats of a call count as one.
 *
 * @param api - any API of the service when absent
 * @param data - what the sent `data` has among its fields
 * @throws AssertionError that lists the calls
 */
export function assertCalledService(host: Host, service: string, api?: string, data?: unknown): void {
  demand(calledService(host, service, api, data));
}

/**
 * Checks that a file left the phone.
 *
 * @param content - its path on the phone, its text, or its bytes; any file when absent
 * @throws AssertionError that lists the uploads
 */
export function assertUploaded(host: Host, content?: string | Uint8Array): void {
  demand(uploaded(host, content));
}

/**
 * Checks how many calls were billed.
 *
 * @param count - at least one when absent
 * @throws AssertionError that lists the bills
 */
export function assertBilled(host: Host, count?: number): void {
  demand(billed(host, count));
}
