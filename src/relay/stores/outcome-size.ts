import type { Outcome } from '../../invocation';
import type { StoreLog } from './log';

/** Bytes of an outcome that is kept whole, where there is room. */
export const MAX_OUTCOME_BYTES = 32 * 1024 * 1024;

/** An outcome as it is kept, and its JSON. */
export interface FittedOutcome {
  outcome: Outcome;
  json: string;
}

/**
 * What is kept of an outcome: one that is too large becomes "unknown", so that its call is not sent again. The log says
 * so.
 *
 * @param key - of its claim
 * @param maxBytes - of its JSON
 */
export function fitOutcome(
  key: string,
  outcome: Outcome,
  maxBytes: number,
  log: Pick<StoreLog, 'error'>,
): FittedOutcome {
  const json = JSON.stringify(outcome);
  if (outcome === 'unknown') return { outcome, json };
  const bytes = Buffer.byteLength(json);
  if (bytes <= maxBytes) return { outcome, json };
  log.error('an outcome is too large to be kept; repeats of its call are answered "unknown"', {
    call: key,
    request_id: outcome.request_id,
    bytes,
  });
  return { outcome: 'unknown', json: JSON.stringify('unknown') };
}
