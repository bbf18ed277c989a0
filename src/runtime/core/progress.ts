import type { Progress } from '../../protocol';
import type { Call } from './call';
import { run } from './task';

/** Tells the listeners of a call how far it is, in percent and in bytes. */
export function report(
  call: Call,
  phase: Progress['phase'],
  progress: number,
  totalBytesSent: number,
  totalBytesExpectedToSend: number,
): void {
  if (call.ended) return;
  call.listeners.forEach((listener) =>
    run(listener, { phase, progress, totalBytesSent, totalBytesExpectedToSend }),
  );
}
