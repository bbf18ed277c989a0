import type * as Prometheus from 'prom-client';
import type { CallEnd, Market, Services } from '../../invocation';

export const PAIR = ['service', 'api'] as const;
/** What became of a call, seen by its first request. */
const OUTCOMES = ['answered', 'failed', 'unknown', 'unsent'] as const;

/** Which app it is, where the relay has several. */
export interface AppLabels {
  app?: string;
}

type Label = keyof AppLabels | (typeof PAIR)[number];

/** What is counted of each app. */
export interface AppCounters {
  calls: Prometheus.Counter<Label | 'outcome'>;
  bills: Prometheus.Counter<Label>;
  repeats: Prometheus.Counter<Label>;
  upstream: Prometheus.Histogram<Label>;
  tokens: Prometheus.Counter<'app'>;
  uploads: Prometheus.Counter<'app'>;
}

/** The counters of a relay, as one of its apps counts in them. */
export class AppMetrics {
  constructor(
    private readonly counters: AppCounters,
    readonly labels: Readonly<AppLabels>,
    services: Services,
  ) {
    this.#startAtZero(services);
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
          const labels = { ...this.labels, service, api };
          this.counters.upstream.observe(labels, (performance.now() - startedAt) / 1000);
        }
        return sent;
      },
    };
  }

  addCall({ invocation, isRepeat, reply, billing }: CallEnd): void {
    const { calls, bills, repeats } = this.counters;
    const { service, api } = invocation.call;
    const labels = { ...this.labels, service, api };
    if (isRepeat) {
      repeats.inc(labels);
      return;
    }
    calls.inc({ ...labels, outcome: outcomeOf({ reply, billing }) });
    if (billing === 'billed') bills.inc(labels);
  }

  addToken(): void {
    this.counters.tokens.inc(this.labels);
  }

  addUpload(): void {
    this.counters.uploads.inc(this.labels);
  }

  /** A rate is known from the first one on only where there was a zero before it. */
  #startAtZero(services: Services): void {
    const { calls, bills, repeats, upstream, tokens, uploads } = this.counters;
    tokens.inc(this.labels, 0);
    uploads.inc(this.labels, 0);
    for (const [service, apis] of Object.entries(services)) {
      for (const api of apis) {
        const labels = { ...this.labels, service, api };
        for (const outcome of OUTCOMES) calls.inc({ ...labels, outcome }, 0);
        bills.inc(labels, 0);
        repeats.inc(labels, 0);
        upstream.zero(labels);
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
