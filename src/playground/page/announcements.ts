import type { PhoneEvent } from '../engine/types';
import type { Text } from './texts';

/** What a screen reader says of an event: only what a user waits for. @returns undefined for the rest */
export function announcementOf(event: PhoneEvent, text: Text): string | undefined {
  if (event.type === 'bill') return text('saidBill');
  if (event.type === 'message' && event.phase === 'lost') return text('saidLost');
  if (event.type === 'upload' && event.state === 'done') return text('saidUploaded');
  if (event.type === 'page') return text('phoneReady');
  if (event.type !== 'call') return undefined;
  if (event.state === 'started') return text('saidStarted');
  if (event.state === 'done') return text('saidDone');
  return event.error && text('saidFailed', { message: event.error.message });
}
