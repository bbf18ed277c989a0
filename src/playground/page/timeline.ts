import type {
  BillEvent,
  CallEvent,
  ConsoleEvent,
  MessageEvent,
  NativeEvent,
  PageErrorEvent,
  PhoneEvent,
  UploadEvent,
} from '../engine/types';

/** One line of the list: what began, and how it ended. */
export type Happening =
  | { kind: 'call'; key: string; at: number; first: CallEvent; last: CallEvent }
  | { kind: 'message'; key: string; at: number; first: MessageEvent; last?: MessageEvent }
  | { kind: 'upload'; key: string; at: number; last: UploadEvent }
  | { kind: 'native'; key: string; at: number; first: NativeEvent; last?: NativeEvent }
  | { kind: 'bill'; key: string; at: number; first: BillEvent }
  | { kind: 'console'; key: string; at: number; first: ConsoleEvent }
  | { kind: 'page-error'; key: string; at: number; first: PageErrorEvent };

export type HappeningKind = Happening['kind'];

/** In the order in which things began. */
export interface Timeline {
  happenings: Happening[];
  bills: BillEvent[];
  /** Lines that have begun, with those that are no longer kept. */
  count: number;
}

export const emptyTimeline = (): Timeline => ({ happenings: [], bills: [], count: 0 });

/** So many lines are kept, the newest; page code may log for ever. */
const MAX_HAPPENINGS = 2000;

/** Adds an event to its line, or a line. @returns a new timeline where it changed */
export function withEvent(timeline: Timeline, event: PhoneEvent): Timeline {
  if (event.type === 'page') return timeline;
  let { count } = timeline;
  const key = keyOf(event, count);
  const index = timeline.happenings.findLastIndex((happening) => happening.key === key);
  const happenings = [...timeline.happenings];
  if (index >= 0) happenings[index] = continued(happenings[index] as Happening, event);
  else {
    count++;
    happenings.push(begun(key, event));
    if (happenings.length > MAX_HAPPENINGS) happenings.shift();
  }
  const bills = event.type === 'bill' ? [...timeline.bills, event] : timeline.bills;
  return { happenings, bills, count };
}

type Listed = Exclude<PhoneEvent, { type: 'page' }>;

function keyOf(event: Listed, count: number): string {
  if (event.type === 'upload') return `upload ${event.id}`;
  return 'seq' in event ? `${event.type} ${event.seq}` : `${event.type} ${count}`;
}

function begun(key: string, event: Listed): Happening {
  const { at } = event;
  if (event.type === 'call') return { kind: 'call', key, at, first: event, last: event };
  if (event.type === 'upload') return { kind: 'upload', key, at, last: event };
  return { kind: event.type, key, at, first: event } as Happening;
}

function continued(happening: Happening, event: Listed): Happening {
  // What a call reports last must not hide what it was called with.
  return { ...happening, last: event } as Happening;
}

/** The call of page code that began last, with what became of it. */
export function lastCall({ happenings }: Timeline): (Happening & { kind: 'call' }) | undefined {
  return happenings.findLast((happening) => happening.kind === 'call');
}
