import type { RelayOptions } from '../options';
import type { SecurableCall, TokenMode } from '../../openapi';

/**
 * Content of the file for `relay --config FILE`. What each key means, its default and range stand in
 * relay.config.schema.json. Secrets have no place in it: they come by environment.
 */
export interface RelayConfig extends Pick<
  RelayOptions,
  | 'publicUrl'
  | 'services'
  | 'consume'
  | 'upstreamIdempotent'
  | 'fileTtl'
  | 'sessionTtl'
  | 'maxFileSize'
  | 'maxDisk'
  | 'minFreeDisk'
  | 'maxJsonSize'
  | 'limits'
  | 'allowedOrigins'
  | 'trustProxy'
  | 'maxConnections'
  | 'maxConnectionsPerAddress'
  | 'maxPendingPerAddress'
  | 'timeouts'
  | 'audit'
  | 'usageDays'
  | 'budgets'
> {
  port?: number;
  host?: string;
  /** Relative to the file. */
  folder?: string;
  /** Who may sign in. At least one way is needed. */
  users: {
    /** `wx.login` codes of this app. Needs WX_APPID and WX_SECRET. */
    wx?: boolean;
    /** Tokens that the app's owner signs: by RELAY_JWT_SECRET (HS256), or by the key in `publicKeyFile`. */
    jwt?: { publicKeyFile?: string; issuer?: string; audience?: string; maxTtl?: number };
  };
  /** The platform's server. */
  upstream?: string;
  tokenMode?: TokenMode;
  /** Takes the platform's pushes. Secrets by WX_PUSH_TOKEN, WX_PUSH_AES_KEY and, with a hook, RELAY_HOOK_SECRET. */
  push?: PushConfig;
  /** Encrypts and signs calls. Keys by files, relative to this one, or by WX_SYMMETRIC_KEY and WX_PRIVATE_KEY. */
  security?: SecurityConfig;
  /** Ms for one answer of the platform. @default 60000 */
  upstreamTimeout?: number;
  /** PEM files, relative to the file, where no balancer ends TLS. */
  tls?: { keyFile: string; certFile: string };
  logLevel?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Serves metrics: on a port of their own, or on the relay's with RELAY_METRICS_TOKEN. */
  metrics?: { port?: number; host?: string };
  /** Share sessions, outcomes, limits and tokens between instances: the server at REDIS_URL. */
  redis?: {
    /** What every key begins with. */
    prefix?: string;
    /** Use also a server that may lose or evict intents; calls may then be billed twice. @default false */
    acceptLoss?: boolean;
  };
  /** Keep files in an S3-compatible store. Credentials by the usual AWS environment. */
  s3?: S3Config;
}

export interface PushConfig {
  mode?: 'safe' | 'plain';
  /** http or https. */
  hook?: string;
}

export interface SecurityConfig {
  symmetric: { sn: string; keyFile?: string };
  privateKeyFile?: string;
  platformCertificate: { sn: string; file: string };
  calls?: SecurableCall[];
}

export interface S3Config {
  bucket: string;
  region?: string;
  endpoint?: string;
  /** What every key begins with. */
  prefix?: string;
  /** Bucket in the path in place of the host name. */
  forcePathStyle?: boolean;
}
