import type { Progress } from '../protocol';
import type { Call } from './call';
import { run } from './settle';

function sum(numbers: number[]): number {
  return numbers.reduce((total, bytes) => total + bytes, 0);
}

/** Tells the listeners of a call how far it is. @param sent, expected - bytes, by transfer */
export function report(call: Call, phase: Progress['phase'], sent: number[], expected: number[]): void {
  const totalBytesSent = sum(sent);
  const totalBytesExpectedToSend = sum(expected);
  const progress = Math.floor((100 * totalBytesSent) / (totalBytesExpectedToSend || 1));
  call.listeners.forEach((listener) =>
    run(listener, { phase, progress, totalBytesSent, totalBytesExpectedToSend }),
  );
}
