import type { SharedAppOptions } from '../apps/app-options';
import type { ServerOptions } from '../options';
import type { SecurableCall, TokenMode } from '../../openapi';

/** What the configuration says of an app: in a relay of one app at the top, else below its appid. */
export interface AppConfig extends SharedAppOptions {
  /** Who may sign in. At least one way is needed. */
  users: {
    /** `wx.login` codes of this app. Needs WX_APPID and WX_SECRET. */
    wx?: boolean;
    /** Tokens that the app's owner signs: by RELAY_JWT_SECRET (HS256), or by the key in `publicKeyFile`. */
    jwt?: { publicKeyFile?: string; issuer?: string; audience?: string; maxTtl?: number };
  };
  tokenMode?: TokenMode;
  /** Takes the platform's pushes. Secrets by WX_PUSH_TOKEN, WX_PUSH_AES_KEY and, with a hook, RELAY_HOOK_SECRET. */
  push?: PushConfig;
  /** Encrypts and signs calls. Keys by files, relative to this one, or by WX_SYMMETRIC_KEY and WX_PRIVATE_KEY. */
  security?: SecurityConfig;
}

/** One of several apps. Each of its secrets is the variable of that name with `_` and the appid at its end. */
export interface OneOfAppsConfig extends Partial<AppConfig> {
  /** Host names by which the relay is reached for this app alone. */
  hosts?: string[];
  /** Calls go by the authorization that the third-party platform has. */
  component?: boolean;
}

/**
 * Content of the file for `relay --config FILE`. What each key means, its default and range stand in
 * relay.config.schema.json. Secrets have no place in it: they come by environment.
 */
export interface RelayConfig
  extends
    Partial<AppConfig>,
    Pick<
      ServerOptions,
      | 'publicUrl'
      | 'fileTtl'
      | 'sessionTtl'
      | 'maxFileSize'
      | 'maxDisk'
      | 'minFreeDisk'
      | 'maxJsonSize'
      | 'trustProxy'
      | 'maxConnections'
      | 'maxConnectionsPerAddress'
      | 'maxPendingPerAddress'
      | 'timeouts'
      | 'usageDays'
    > {
  port?: number;
  host?: string;
  /** Relative to the file. */
  folder?: string;
  /** By appid, in place of one app; what stands beside it holds for those that say nothing else. */
  apps?: Record<string, OneOfAppsConfig>;
  /** A third-party platform. Secrets by WX_COMPONENT_SECRET, _TOKEN, _AES_KEY and _KEYS; for a hook RELAY_HOOK_SECRET. */
  component?: { appid: string; hook?: string };
  /** The platform's server. */
  upstream?: string;
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
