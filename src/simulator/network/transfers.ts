import { callUser, runCallbacks } from '../apis/callbacks';
import { isFailure, NativeFailure } from '../client/natives';
import type { Perform, Reply } from '../client/natives';
import { CLOUD_ORIGIN } from '../cloud/backend';
import type { Env } from '../host/env';
import { reaches } from '../host/profiles';
import { toRealmTable } from '../realm/realm';
import type { Any, NativeCall, Transfers, Upload } from '../types';
import { watchUpload } from './watch-upload';
import type { HttpExchange, HttpResult } from './types';

/** The platform runs so many of each kind at once. */
const MAX_RUNNING = 10;
const DEFAULT_TIMEOUT_MS = 60000;

export type TransferKind = 'request' | 'uploadFile' | 'downloadFile';

export interface Transfer {
  /** What crosses to the client. */
  params: Record<string, unknown>;
  exchange: Omit<HttpExchange, 'signal' | 'onSent'>;
  timeout?: number;
  /** The fields of the success object. */
  result: (response: HttpResult, body: unknown) => Record<string, unknown>;
}

/** Counts running transfers; further requests wait, a further upload or download is refused, as on a device. */
export class TransferCounter implements Transfers {
  inFlight = 0;
  most = 0;
  private readonly running = new Map<TransferKind, number>();
  private readonly waiting: (() => void)[] = [];

  /** Starts now, or later for a request beyond the limit. @throws NativeFailure for other kinds beyond it */
  enter(kind: TransferKind, start: () => void): void {
    if ((this.running.get(kind) ?? 0) < MAX_RUNNING) return this.begin(kind, start);
    if (kind !== 'request') throw new NativeFailure(`exceed max ${kind} connection count ${MAX_RUNNING}`);
    this.waiting.push(() => this.begin(kind, start));
    return undefined;
  }

  leave(kind: TransferKind): void {
    this.inFlight--;
    this.running.set(kind, (this.running.get(kind) ?? 0) - 1);
    if (kind === 'request') this.waiting.shift()?.();
  }

  private begin(kind: TransferKind, start: () => void): void {
    this.inFlight++;
    this.most = Math.max(this.most, this.inFlight);
    this.running.set(kind, (this.running.get(kind) ?? 0) + 1);
    start();
  }
}

/** Starts a transfer. @returns its task: abort, and progress for uploads and downloads */
export function startTransfer(env: Env, kind: TransferKind, args: Any, transfer: Transfer): Any {
  const listeners: unknown[] = [];
  const abort = new AbortController();
  let state: 'waiting' | 'running' | 'done' = 'waiting';
  let nativeCall: NativeCall | undefined;
  let timer = 0;

  function end(): void {
    const wasRunning = state === 'running';
    state = 'done';
    env.clock.clearTimer(timer);
    if (wasRunning) env.transfers.leave(kind);
  }

  function finish(reply: Reply): void {
    end();
    upload?.tell(isFailure(reply) ? 'failed' : 'done');
    runCallbacks(env, args, reply);
  }

  /**
   * Ends it at once; a reply of the client that comes later is ignored. Page code is called back after its `abort()`
   * has returned.
   */
  function stop(reason: 'abort' | 'timeout'): void {
    if (state === 'done') return;
    if (nativeCall) env.natives.abort(nativeCall);
    abort.abort();
    end();
    upload?.tell('failed');
    env.clock.setTimer(
      () => runCallbacks(env, args, { errMsg: `${kind}:fail ${reason}` }),
      0,
      `${reason} of ${kind}`,
    );
  }

  const total = transfer.exchange.body.length;
  const upload = transfer.exchange.form && watchUpload(env, viaOf(transfer), total);
  const onSent = (sent: number): void => {
    if (state !== 'running') return;
    const progress = total === 0 ? 100 : Math.floor((sent / total) * 100);
    upload?.tell('running', sent);
    const event = { progress, totalBytesSent: sent, totalBytesExpectedToSend: total, ...cookiesOf(env) };
    for (const listener of listeners) callUser(env, listener, event);
  };
  const perform: Perform = async () => {
    const response = await env.network.exchange({ ...transfer.exchange, signal: abort.signal, onSent });
    noteUpload(env, transfer);
    return { response, body: undefined };
  };
  const settle = (reply: Reply): void => {
    // A duplicated reply calls the callbacks again: page code has to be safe against that.
    if (state === 'done') return runCallbacks(env, args, reply);
    finish(reply);
  };

  env.transfers.enter(kind, () => {
    if (state === 'done') return env.transfers.leave(kind);
    state = 'running';
    nativeCall = env.natives.call(kind, transfer.params, perform, settle, (reply) =>
      resultReply(transfer, reply),
    );
    timer = env.clock.setTimer(
      () => stop('timeout'),
      (reaches(env.profile, '2.10.0') && transfer.timeout) || DEFAULT_TIMEOUT_MS,
      `timeout of ${kind}`,
    );
  });
  return toRealmTable(
    env.realm,
    taskMembers(env, kind, () => stop('abort'), listeners),
  );
}

const viaOf = ({ exchange }: Transfer): Upload['via'] =>
  new URL(exchange.url).origin === CLOUD_ORIGIN ? 'cloud' : 'uploadFile';

function noteUpload({ uploads, clock }: Env, transfer: Transfer): void {
  const { params, exchange } = transfer;
  if (!exchange.form) return;
  uploads.push({
    at: clock.now(),
    via: viaOf(transfer),
    filePath: params.filePath as string | undefined,
    bytes: exchange.form.file.bytes,
  });
}

/** Newer libraries add the cookies that an answer sets, to progress too. */
export const cookiesOf = (env: Env): object => (reaches(env.profile, '2.10.4') ? { cookies: [] } : {});

/** The task of a transfer that was refused at the call. */
export const endedTask = (env: Env, kind: TransferKind): Any =>
  toRealmTable(
    env.realm,
    taskMembers(env, kind, () => {}, []),
  ) as unknown;

/** What the tasks of each base library have: the kinds of transfer differ on older ones. */
function taskMembers(
  env: Env,
  kind: TransferKind,
  abort: () => void,
  listeners: unknown[],
): Record<string, unknown> {
  const isNewer = reaches(env.profile, '2.1.0');
  const hasProgress = kind !== 'request' || reaches(env.profile, '2.11.0');
  return {
    abort,
    ...(hasProgress ? { onProgressUpdate: (listener: unknown) => void listeners.push(listener) } : {}),
    ...(hasProgress && isNewer
      ? {
          offProgressUpdate: (listener: unknown) =>
            void listeners.splice(listeners.indexOf(listener) >>> 0, 1),
        }
      : {}),
    ...(isNewer ? { onHeadersReceived() {} } : {}),
  };
}

function resultReply(transfer: Transfer, reply: Reply): Reply {
  const { response, body, ...rest } = reply as Reply & { response: HttpResult; body?: unknown };
  return { ...rest, ...transfer.result(response, body) };
}
