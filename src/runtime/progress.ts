import type { Progress } from '../protocol';
import type { Call } from './call';
import { run } from './settle';

/** Tells the listeners of a call how far it is; sizes in bytes. */
export function report(
  call: Call,
  phase: Progress['phase'],
  totalBytesSent: number,
  totalBytesExpectedToSend: number,
): void {
  const progress = Math.floor((100 * totalBytesSent) / (totalBytesExpectedToSend || 1));
  if (call.ended) return;
  call.listeners.forEach((listener) =>
    run(listener, { phase, progress, totalBytesSent, totalBytesExpectedToSend }),
  );
}
