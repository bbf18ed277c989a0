import { stat, statfs } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type * as Prometheus from 'prom-client';
import type { RelayErrorDetails } from '../../invocation';
import type { AppSettings } from '../apps/app-options';
import { loadPeer } from '../load-peer';
import { recordPaths } from '../stores/folder/records';
import { type AppCounters, type AppLabels, AppMetrics, PAIR } from './app-metrics';

/** Seconds that the platform takes. */
const UPSTREAM_BUCKETS_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const DELAY_RESOLUTION_MS = 10;

/**
 * What an owner watches, of one relay and in a registry of its own. Labels are appids and pairs of the owner's list,
 * statuses and fixed words: nothing that a user sends or is.
 */
export class RelayMetrics {
  readonly #registry: Prometheus.Registry;
  readonly #counters: AppCounters;
  readonly #refusals: Prometheus.Counter<'app' | 'status' | 'reason'>;
  readonly #delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  readonly #apps: { labels: AppLabels; journal: string; countWaiting: () => number }[] = [];

  private constructor(
    client: typeof Prometheus,
    private readonly folder: string,
  ) {
    const { Counter, Gauge, Histogram, Registry } = client;
    const registers = [(this.#registry = new Registry())];
    const labelNames = ['app', ...PAIR] as const;
    const calls = new Counter({
      name: 'servicemarket_calls_total',
      help: 'Calls by what became of them: answered, failed (with an errcode), unknown, unsent. Repeats do not count.',
      labelNames: [...labelNames, 'outcome'],
      registers,
    });
    const bills = new Counter({
      name: 'servicemarket_bills_total',
      help: 'Calls that were answered without an error, which the platform bills.',
      labelNames,
      registers,
    });
    const repeats = new Counter({
      name: 'servicemarket_repeats_total',
      help: 'Requests under the id of an earlier call, which got what became of it.',
      labelNames,
      registers,
    });
    const upstream = new Histogram({
      name: 'servicemarket_upstream_seconds',
      help: 'Time that the platform took for a call that left, its access token included.',
      labelNames,
      buckets: UPSTREAM_BUCKETS_S,
      registers,
    });
    const tokens = new Counter({
      name: 'servicemarket_tokens_fetched_total',
      help: 'Access tokens that the platform has handed out to this process.',
      labelNames: ['app'],
      registers,
    });
    const uploads = new Counter({
      name: 'servicemarket_uploads_total',
      help: 'Files that were stored.',
      labelNames: ['app'],
      registers,
    });
    this.#refusals = new Counter({
      name: 'servicemarket_refusals_total',
      help: 'Requests that were answered with an error, by HTTP status, and by reason where the status does not tell.',
      labelNames: ['app', 'status', 'reason'],
      registers,
    });

    this.#counters = { calls, bills, repeats, upstream, tokens, uploads };
    const apps = this.#apps;
    new Gauge({
      name: 'servicemarket_outcomes_waiting',
      help: 'Outcomes of calls that a store did not take yet.',
      labelNames: ['app'],
      registers,
      collect() {
        for (const { labels, countWaiting } of apps) this.set(labels, countWaiting());
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
      labelNames: ['app'],
      registers,
      async collect() {
        for (const { labels, journal } of apps) this.set(labels, await sizeOf(journal));
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
  }

  /**
   * @param folder - the relay's
   * @throws Error that says how to install what it needs
   */
  static async open(folder: string): Promise<RelayMetrics> {
    const metrics = new RelayMetrics(await loadPeer('prom-client', () => import('prom-client')), folder);
    metrics.#delay.enable();
    return metrics;
  }

  /**
   * @param settings - of the app; where the relay has several its appid is a label
   * @param countWaiting - returns how many of its outcomes wait to be stored
   */
  addApp({ scope, services }: AppSettings, countWaiting: () => number): AppMetrics {
    const labels = scope === undefined ? {} : { app: scope };
    const { journal } = recordPaths(this.folder, scope);
    this.#apps.push({ labels, journal, countWaiting });
    return new AppMetrics(this.#counters, labels, services);
  }

  /** @param labels - of the app, where it is known */
  addRefusal(status: number, reason: RelayErrorDetails['reason'], labels: AppLabels = {}): void {
    this.#refusals.inc({ ...labels, status, ...(reason !== undefined && { reason }) });
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
}

/** @returns 0 for a file that is not there */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
