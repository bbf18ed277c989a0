import type { Clock } from '../clock/types';
import { snapshot } from '../realm/realm';
import type { Any, NativeCall } from '../types';
import { changeReply, Faults } from './faults';
import type { Effects, FailReply } from './faults';

/** Thrown by the carrying out of a native call: the client answers `<api>:fail <cause>`. */
export class NativeFailure extends Error {
  constructor(
    readonly failCause: string,
    readonly fields: Record<string, unknown> = {},
  ) {
    super(failCause);
  }
}

/** A bad argument, found by the library itself: nothing reaches the client, and the callbacks run before the call returns. */
export class ParameterFailure extends NativeFailure {
  constructor(
    cause: string,
    /** The number that libraries of the new generation add. */
    readonly errno?: number,
  ) {
    super(cause);
  }
}

export type Reply = Record<string, unknown> & { errMsg: string };

/** Carries a native call out in the client. @returns the reply's fields. @throws NativeFailure */
export type Perform = () => unknown;

/** The native calls that reach a server. */
const NEEDS_NETWORK = /^(operateWXData|uploadToCommonCDN|request|uploadFile|downloadFile|login|cloud\..*)$/;

const OFFLINE = 'net::ERR_INTERNET_DISCONNECTED';

/** The line between library and client: every crossing is recorded, takes time, and may go wrong. */
export class Natives {
  readonly calls: NativeCall[] = [];
  readonly faults = new Faults();

  constructor(
    private readonly clock: Clock,
    /** ms that a call takes by itself, both ways together. */
    private readonly latency: number,
    private readonly isOffline: () => boolean,
    /** Is called when a call starts, and when it is answered or aborted. */
    private readonly watch?: (phase: 'start' | 'end', call: NativeCall) => void,
  ) {}

  /**
   * Calls the client.
   *
   * @param params - what crosses; recorded as a copy
   * @param settle - is called with the reply; more than once if a fault duplicates it, never if one loses it
   * @param shape - turns a successful reply into the form in which it crosses; runs once, on delivery
   */
  call(
    api: string,
    params: unknown,
    perform: Perform,
    settle: (reply: Reply) => void,
    shape: (reply: Reply) => Reply = (reply) => reply,
  ): NativeCall {
    const call = this.record(api, params);
    const effects = this.faults.take(call);
    if (effects.lose === 'request') return call;
    const half = this.latency / 2;
    const deliver = this.deliveryOf(call, settle, shape);
    this.clock.setTimer(() => void this.carryOut(call, effects, perform, deliver), half, api);
    return call;
  }

  /** A call that answers at once, such as a Sync member of the file system; only `fail` faults touch it. */
  callSync<T>(api: string, params: unknown, perform: () => T): T {
    const call = this.record(api, params);
    const { fail } = this.faults.take(call);
    if (fail) throw new NativeFailure(failText(api, fail).slice(`${api}:fail `.length));
    const value = perform();
    call.reply = snapshot(value);
    this.watch?.('end', call);
    return value;
  }

  /** Whatever comes of the call is ignored from now on. */
  abort(call: NativeCall): void {
    call.aborted = true;
    this.watch?.('end', call);
  }

  private record(api: string, params: unknown): NativeCall {
    const call: NativeCall = {
      seq: this.calls.length + 1,
      at: this.clock.now(),
      api,
      params: snapshot(params),
    };
    this.calls.push(call);
    this.watch?.('start', call);
    return call;
  }

  private async carryOut(
    call: NativeCall,
    effects: Effects,
    perform: Perform,
    deliver: (reply: Reply) => void,
  ): Promise<void> {
    if (call.aborted) return;
    const early = effects.fail !== undefined && !effects.failAfter;
    const done = early ? undefined : await attempt(call.api, this.online(call.api, perform));
    if (effects.lose) return;
    const reply = this.answer(call.api, effects, done);
    for (let copy = 0; copy <= effects.duplicates; copy++) {
      this.clock.setTimer(
        () => deliver(reply),
        this.latency / 2 + effects.delay + copy,
        `reply of ${call.api}`,
      );
    }
  }

  /** Carries out what needs the network, unless there is none when it begins or ends. */
  private online(api: string, perform: Perform): Perform {
    if (!NEEDS_NETWORK.test(api)) return perform;
    const demand = (): void => {
      if (this.isOffline()) throw new NativeFailure(OFFLINE);
    };
    return async () => {
      demand();
      const done = await perform();
      demand();
      return done;
    };
  }

  /** Delivers the reply once or more: its form is made once, when the first copy arrives. */
  private deliveryOf(call: NativeCall, settle: (reply: Reply) => void, shape: (reply: Reply) => Reply) {
    let shaped: Reply | undefined;
    return (reply: Reply): void => {
      if (call.aborted) return;
      shaped ??= isFailure(reply) ? reply : caught(call.api, () => shape(reply));
      call.reply = snapshot(shaped);
      this.watch?.('end', call);
      settle(shaped);
    };
  }

  private answer(api: string, { fail, changes }: Effects, done: Reply | undefined): Reply {
    if (fail) return { ...fail, errMsg: failText(api, fail) };
    const reply = done as Reply;
    return isFailure(reply) ? reply : (changeReply(reply, changes) as Reply);
  }
}

/** Whether a reply says `<api>:fail` or `<api>:cancel`. */
export function isFailure(reply: Reply): boolean {
  return !/:ok$/.test(reply.errMsg);
}

async function attempt(api: string, perform: Perform): Promise<Reply> {
  try {
    return { errMsg: `${api}:ok`, ...((await perform()) as Any) } as Reply;
  } catch (error) {
    return replyOf(api, error);
  }
}

function caught(api: string, make: () => Reply): Reply {
  try {
    return make();
  } catch (error) {
    return replyOf(api, error);
  }
}

function replyOf(api: string, error: unknown): Reply {
  if (error instanceof NativeFailure) return { errMsg: `${api}:fail ${error.failCause}`, ...error.fields };
  throw error;
}

function failText(api: string, { errMsg }: FailReply): string {
  return errMsg.startsWith(`${api}:`) ? errMsg : `${api}:fail ${errMsg}`;
}
