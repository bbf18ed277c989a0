import type { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from '../../../texts';
import type { StoreLog } from '../log';
import { findFaults, parseInfo, readConfig } from './safety';

/** Ms between two heartbeats of a claim. */
export const HEARTBEAT_MS = 2500;
/** Ms that new claims wait after a change of master, so that every living instance has written its own again. */
const HOLD_MS = 2 * HEARTBEAT_MS;
/** Ms between two looks at the server. */
const LOOK_PAUSE_MS = 2000;
/** Ms that a claim waits for a lost connection before it fails. */
const MAX_WAIT_MS = HOLD_MS + 5000;

/** Looks at the server now and then: whether it is safe to keep intents in, and whether it is still the same one. */
export class RedisWatch {
  /** Counts connections: a command that began under another number may have been sent again. */
  connection = 0;
  #fault: string | undefined;
  #warned = '';
  /** Which server it is, and since which promotion. */
  #master: string | undefined;
  /** Set while new claims wait. */
  #hold: { ended: Promise<void>; end: () => void } | undefined;
  #holdTimer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #listeners: (() => void)[] = [];

  private constructor(
    private readonly client: Redis,
    private readonly acceptLoss: boolean,
    private readonly log: StoreLog,
  ) {
    client.on('close', this.#onClose).on('ready', this.#onReady);
    this.#timer = setInterval(() => void this.#look(), LOOK_PAUSE_MS).unref();
  }

  /**
   * @param client - connected
   * @param acceptLoss - use also a server that may lose or evict intents
   * @throws Error that says what is wrong with the server and how to mend it
   */
  static async open(client: Redis, acceptLoss: boolean, log: StoreLog): Promise<RedisWatch> {
    const watch = new RedisWatch(client, acceptLoss, log);
    try {
      await watch.#inspect();
      watch.requireSafe();
    } catch (error) {
      await watch.close();
      throw error;
    }
    return watch;
  }

  /** Calls `listener` after each change of master. */
  onMasterChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** @throws Error while the server is not safe to keep intents in */
  requireSafe(): void {
    if (this.#fault) throw new Error(text('redisUnfit', { fault: this.#fault }));
  }

  /**
   * Returns when a new claim may be made.
   *
   * @throws Error when the server is not safe, or its connection stays lost
   */
  async allowClaim(): Promise<void> {
    const deadline = performance.now() + MAX_WAIT_MS;
    while (this.#hold) {
      const left = deadline - performance.now();
      if (left <= 0) throw new Error('Failed to use Redis: its connection is lost.');
      const giveUp = new AbortController();
      const timeout = sleep(left, undefined, { signal: giveUp.signal, ref: false }).catch(() => {});
      await Promise.race([this.#hold.ended, timeout]);
      giveUp.abort();
    }
    this.requireSafe();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#holdTimer);
    this.client.off('close', this.#onClose).off('ready', this.#onReady);
    await this.#looking;
  }

  readonly #onClose = (): void => {
    this.connection++;
    this.#holdClaims();
  };

  readonly #onReady = (): void => void this.#look();

  /** One look at a time; an answer that does not come ends the connection, which may lead to a dead server. */
  #look(): Promise<void> {
    this.#looking ??= this.#inspect()
      .catch(() => {
        if (this.client.status === 'ready') this.client.disconnect(true);
      })
      .finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #inspect(): Promise<void> {
    const { connection } = this;
    const info = parseInfo(await this.client.info());
    const { fault, warnings } = findFaults(info, await readConfig(this.client), this.acceptLoss);
    if (connection !== this.connection) return;
    this.#reportFault(fault);
    this.#reportWarnings(warnings.join(' '));
    // Behind one name another server may be the master by now.
    if (info.role === 'slave' && this.#master !== undefined) return this.client.disconnect(true);
    const master = `${info.run_id} ${info.master_replid}`;
    const isChanged = this.#master !== undefined && master !== this.#master;
    this.#master = master;
    if (isChanged) this.#onMasterChange();
    else if (!this.#holdTimer) this.#endHold();
  }

  #onMasterChange(): void {
    this.log.warn(`Redis has another master, or was started again; new calls wait ${HOLD_MS} ms`);
    this.#holdClaims();
    this.#holdTimer = setTimeout(() => this.#endHold(), HOLD_MS).unref();
    for (const listener of this.#listeners) listener();
  }

  #holdClaims(): void {
    clearTimeout(this.#holdTimer);
    this.#holdTimer = undefined;
    if (this.#hold) return;
    let end = (): void => {};
    this.#hold = { ended: new Promise<void>((resolve) => (end = resolve)), end: () => end() };
  }

  #endHold(): void {
    clearTimeout(this.#holdTimer);
    this.#holdTimer = undefined;
    this.#hold?.end();
    this.#hold = undefined;
  }

  #reportFault(fault: string | undefined): void {
    if (fault === this.#fault) return;
    if (fault) this.log.error(`Redis is not safe, so no new calls are sent: ${fault}`);
    else this.log.info('Redis is safe again');
    this.#fault = fault;
  }

  #reportWarnings(warnings: string): void {
    if (warnings && warnings !== this.#warned) this.log.warn(warnings);
    this.#warned = warnings;
  }
}
