import type { Credential } from '../protocol';
import type { FileStore } from './files/file-store';
import type { Counters, Outcomes, Services, UserLimits } from '../invocation';
import type { Sessions } from './stores/stores';
import type { OpenApi } from '../openapi';

/**
 * Says who a credential belongs to.
 *
 * @returns the user's id (1 to 128 characters), or undefined to refuse the credential. A thrown error means
 *   that it could not be checked: the client is told 502, or the status of a thrown RelayError.
 */
export type Authenticate = (
  credential: Credential,
) => string | null | undefined | Promise<string | null | undefined>;

/** Where the log goes: one JSON object a line, without headers, bodies, tokens or file ids. */
export interface LogOptions {
  /** @default 'info' */
  level?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** @default process.stdout */
  stream?: { write(line: string): void };
}

/** Times in ms after which a client that is too slow is cut off, with 408 where it can be told. 0 means never. */
export interface Patience {
  /** For all headers. @default 10000 */
  headers: number;
  /** Between two pieces of a body, and of an answer that is read. @default 30000 */
  stall: number;
  /** For the whole request; an upload of 10 MiB at 20 KiB/s takes 512 s. @default 660000 */
  request: number;
}

/** What `createRelay` takes. */
export interface RelayOptions {
  authenticate: Authenticate;
  /**
   * Where clients and providers reach the relay, for example `https://relay.example.com`; a path is kept.
   * Never taken from a request. @default the address that it listens on
   */
  publicUrl?: string;
  /**
   * Folder for files, and for intents and outcomes; kept over restarts. One relay at a time may use it.
   * @default a fresh temporary folder, removed on close
   */
  folder?: string;
  /**
   * What may be called, for example `{ wx79ac3de8be320b71: ['OcrAllInOne'] }`. Needs `openApi`.
   * @default {}: nothing
   */
  services?: Services;
  /** The platform's server, for calls. */
  openApi?: OpenApi;
  /** The account that pays, sent with every call. A client cannot choose it. @default the app itself */
  consume?: { type: number; appid: string };
  /**
   * Send a call again whose outcome is unknown. Only where the platform is known to bill an id once.
   * @default false
   */
  upstreamIdempotent?: boolean;
  /** Seconds that a file's URL works; 1 to 604800. @default 3600 */
  fileTtl?: number;
  /** Seconds that a session lasts; 1 to 604800. @default 7200 */
  sessionTtl?: number;
  /** Bytes of one file; at least 1. @default 20971520 (20 MiB) */
  maxFileSize?: number;
  /** Bytes of a JSON body, which is held in memory; at least 1024. @default 4194304 (4 MiB) */
  maxJsonSize?: number;
  /** What one user may use. */
  limits?: Partial<UserLimits>;
  /** Web origins that may read answers, for example `https://m.example.com`; no wildcards. @default [] */
  allowedOrigins?: readonly string[];
  /** Addresses of balancers whose X-Forwarded-For is believed; true believes any. @default false */
  trustProxy?: boolean | string | string[];
  /** Open connections; more are refused. At least 1. @default 4096 */
  maxConnections?: number;
  patience?: Partial<Patience>;
  /** PEM texts, where no balancer ends TLS. @default plain HTTP */
  tls?: { key: string; cert: string };
  /** false: no log. */
  logger?: false | LogOptions;
  /** Backends, to share between instances. They are closed with the relay. @default this process alone */
  stores?: { sessions?: Sessions; counters?: Counters; outcomes?: Outcomes; files?: FileStore };
  /** The clock, in ms. @default Date.now */
  now?: () => number;
}
