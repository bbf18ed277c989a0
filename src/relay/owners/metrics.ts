import { stat, statfs } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type * as Prometheus from 'prom-client';
import type { CallEnd, Market, RelayErrorDetails, Services } from '../../invocation';
import { loadPeer } from '../load-peer';
import { recordPaths } from '../stores/folder/records';

/** What became of a call, seen by its first request. */
const OUTCOMES = ['answered', 'failed', 'unknown', 'unsent'] as const;
/** Seconds that the platform takes. */
const UPSTREAM_BUCKETS_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const DELAY_RESOLUTION_MS = 10;
const PAIR = ['service', 'api'] as const;

type Pair = (typeof PAIR)[number];

/**
 * What an owner watches, of one relay and in a registry of its own. Labels are pairs of the owner's list, statuses and
 * fixed words: nothing that a user sends or is.
 */
export class RelayMetrics {
  readonly #registry: Prometheus.Registry;
  readonly #calls: Prometheus.Counter<Pair | 'outcome'>;
  readonly #bills: Prometheus.Counter<Pair>;
  readonly #repeats: Prometheus.Counter<Pair>;
  readonly #upstream: Prometheus.Histogram<Pair>;
  readonly #tokens: Prometheus.Counter;
  readonly #uploads: Prometheus.Counter;
  readonly #refusals: Prometheus.Counter<'status' | 'reason'>;
  readonly #delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  /** Returns how many outcomes wait to be stored. */
  #countWaiting = (): number => 0;

  private constructor(client: typeof Prometheus, services: Services, folder: string) {
    const { Counter, Gauge, Histogram, Registry } = client;
    const registers = [(this.#registry = new Registry())];
    this.#calls = new Counter({
      name: 'servicemarket_calls_total',
      help: 'Calls by what became of them: answered, failed (with an errcode), unknown, unsent. Repeats do not count.',
      labelNames: [...PAIR, 'outcome'],
      registers,
    });
    this.#bills = new Counter({
      name: 'servicemarket_bills_total',
      help: 'Calls that were answered without an error, which the platform bills.',
      labelNames: PAIR,
      registers,
    });
    this.#repeats = new Counter({
      name: 'servicemarket_repeats_total',
      help: 'Requests under the id of an earlier call, which got what became of it.',
      labelNames: PAIR,
      registers,
    });
    this.#upstream = new Histogram({
      name: 'servicemarket_upstream_seconds',
      help: 'Time that the platform took for a call that left, its access token included.',
      labelNames: PAIR,
      buckets: UPSTREAM_BUCKETS_S,
      registers,
    });
    this.#tokens = new Counter({
      name: 'servicemarket_tokens_fetched_total',
      help: 'Access tokens that the platform has handed out to this process.',
      registers,
    });
    this.#uploads = new Counter({
      name: 'servicemarket_uploads_total',
      help: 'Files that were stored.',
      registers,
    });
    this.#refusals = new Counter({
      name: 'servicemarket_refusals_total',
      help: 'Requests that were answered with an error, by HTTP status, and by reason where the status does not tell.',
      labelNames: ['status', 'reason'],
      registers,
    });

    const countWaiting = (): number => this.#countWaiting();
    new Gauge({
      name: 'servicemarket_outcomes_waiting',
      help: 'Outcomes of calls that a store did not take yet.',
      registers,
      collect() {
        this.set(countWaiting());
      },
    });
    const delay = this.#delay;
    new Gauge({
      name: 'servicemarket_event_loop_delay_seconds',
      help: 'How late the event loop was since the last look: median, 99th percentile and most.',
      labelNames: ['quantile'],
      registers,
      collect() {
        for (const percent of [50, 99, 100]) {
          // What is measured is the time between two looks.
          const late = delay.percentile(percent) / 1e9 - DELAY_RESOLUTION_MS / 1000;
          this.set({ quantile: `${percent / 100}` }, Math.max(0, late));
        }
        delay.reset();
      },
    });
    new Gauge({
      name: 'servicemarket_journal_bytes',
      help: 'Size of the journal of intents and outcomes; 0 where they are kept elsewhere.',
      registers,
      async collect() {
        this.set(await sizeOf(recordPaths(folder).journal));
      },
    });
    new Gauge({
      name: 'servicemarket_disk_free_bytes',
      help: "Free bytes on the disk of the relay's folder.",
      registers,
      async collect() {
        const { bavail, bsize } = await statfs(folder);
        this.set(bavail * bsize);
      },
    });
    this.#startAtZero(services);
  }

  /**
   * @param folder - the relay's
   * @throws Error that says how to install what it needs
   */
  static async open(services: Services, folder: string): Promise<RelayMetrics> {
    const metrics = new RelayMetrics(
      await loadPeer('prom-client', () => import('prom-client')),
      services,
      folder,
    );
    metrics.#delay.enable();
    return metrics;
  }

  /** @returns the market, whose answers are timed */
  timed(market: Market): Market {
    return {
      retrieve: (requestId) => market.retrieve(requestId),
      invoke: async (call) => {
        const { service, api } = call;
        const startedAt = performance.now();
        const sent = await market.invoke(call);
        if (sent.kind !== 'unsent') {
          this.#upstream.observe({ service, api }, (performance.now() - startedAt) / 1000);
        }
        return sent;
      },
    };
  }

  /** @param count - returns how many outcomes wait to be stored */
  watchWaiting(count: () => number): void {
    this.#countWaiting = count;
  }

  addCall({ invocation, isRepeat, reply, billing }: CallEnd): void {
    const { service, api } = invocation.call;
    if (isRepeat) {
      this.#repeats.inc({ service, api });
      return;
    }
    this.#calls.inc({ service, api, outcome: outcomeOf({ reply, billing }) });
    if (billing === 'billed') this.#bills.inc({ service, api });
  }

  addToken(): void {
    this.#tokens.inc();
  }

  addUpload(): void {
    this.#uploads.inc();
  }

  addRefusal(status: number, reason: RelayErrorDetails['reason']): void {
    this.#refusals.inc(reason === undefined ? { status } : { status, reason });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** @returns all of it as Prometheus reads it */
  read(): Promise<string> {
    return this.#registry.metrics();
  }

  close(): void {
    this.#delay.disable();
  }

  /** A rate is known from the first call on only where there was a zero before it. */
  #startAtZero(services: Services): void {
    for (const [service, apis] of Object.entries(services)) {
      for (const api of apis) {
        for (const outcome of OUTCOMES) this.#calls.inc({ service, api, outcome }, 0);
        this.#bills.inc({ service, api }, 0);
        this.#repeats.inc({ service, api }, 0);
        this.#upstream.zero({ service, api });
      }
    }
  }
}

function outcomeOf({ reply, billing }: Pick<CallEnd, 'reply' | 'billing'>): (typeof OUTCOMES)[number] {
  if (!reply) return billing === 'none' ? 'unsent' : 'unknown';
  // An answer that cannot be read is an error with its text.
  if (reply.billing === 'unknown') return 'unknown';
  return reply.errcode === 0 ? 'answered' : 'failed';
}

/** @returns 0 for a file that is not there */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
