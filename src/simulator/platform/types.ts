import type { MarketSettings, Provider } from '../market/types';
import type { Cdn, Market } from '../types';

/** An app that the platform knows. */
export interface Account {
  appid: string;
  secret: string;
}

export interface PlatformOptions extends Account {
  /** The official account whose token `h5.templateMessage.send` needs, and that uniform messages name. */
  official?: Account;
  /** Whether the market recognises repeats by client_msg_id. @default 'perMessage', the harsher */
  billing?: 'perId' | 'perMessage';
  /** By `'service/api'`, `'service/*'` or `'*'`. @default an echo of `data` */
  providers?: Record<string, Provider>;
  market?: Partial<MarketSettings>;
  /** Loopback port. @default any free one */
  port?: number;
  /** Lifetime of an access token in seconds. @default 7200 */
  tokenLife?: number;
  /** Lifetime of a login code in ms. @default 300000 */
  codeLife?: number;
  /** Calls of each path before 45009. @default no limit */
  quota?: number;
  /** Templates that messages may name. @default ['TEMPLATE'] */
  templates?: string[];
  /** Pages of the mini-program; any page when absent. */
  pages?: string[];
  /** Openids that refused subscribe messages. */
  refusing?: string[];
  /** Text and images that hold one of these are risky (87014). @default ['RISKY'] */
  risky?: string[];
  /** API security: the paths below accept encrypted and signed calls only. @default plain calls */
  security?: SecuritySettings;
  /** Message push: where the app's message server is, and how messages come there. @default none are pushed */
  push?: PushSettings;
  /** Rooms of livebroadcast.getLiveInfo. @default [] */
  rooms?: object[];
  /** Further apps that the platform knows, each with its own users and tokens. */
  apps?: Account[];
  /** A third-party platform, which apps may authorize. */
  component?: ComponentSettings;
}

/** A third-party platform as its console has it. May be changed at any time. */
export interface ComponentSettings extends Account {
  /** Where its own events go, encrypted, as XML. @default none are pushed */
  push?: { url: string; token: string; encodingAESKey: string };
  /** Where messages for its apps go, encrypted by the same key; `$APPID$` stands for the app's. @default none are pushed */
  messages?: string;
  /** Each refresh changes the refresh token too, and the one before it ends. @default true, the harsher */
  rotates?: boolean;
  /** Lifetime of a ticket in seconds. @default 43200 */
  ticketLife?: number;
  /** Lifetime of an authorization code in seconds. @default 3600 */
  codeLife?: number;
}

/** What happens to a third-party platform. Each event is pushed at most three times, until the answer is `success`. */
export interface ComponentControl {
  /** Makes a ticket and pushes it, as every 10 minutes. */
  sendTicket(): Promise<PushTry[]>;
  /** The owner of an app authorizes. @returns the authorization code, as the owner's browser brings it too */
  authorize(appid: string): Promise<string>;
  /** The owner of an app changes what is granted. @returns the authorization code */
  update(appid: string): Promise<string>;
  /** The owner of an app takes the authorization back. */
  remove(appid: string): Promise<PushTry[]>;
  /** Every ticket is from now on expired (61005). */
  expireTickets(): void;
  /** The refresh tokens of an app so far; the last one is good. */
  refreshTokens(appid: string): string[];
  /** Ends the refresh token of an app (61023), as a refresh does whose answer was lost. */
  replaceRefreshToken(appid: string): void;
  /** Every try so far. */
  pushes: PushTry[];
}

/** The platform's half of API security. `makeSecurityKeys` makes one, with the owner's half. */
export interface SecuritySettings {
  /** The app whose keys these are. @default the platform's first */
  appid?: string;
  /** Base64; absent: the owner has none in the console (40238). */
  symmetric?: { sn: string; key: string };
  /** The app's, PEM; absent: the owner has none in the console (40239). */
  publicKey?: string;
  /** What answers are signed by, with its number in the console; PEM. */
  certificate: { sn: string; privateKey: string };
  /** The one before it, while the platform changes its certificate. */
  deprecated?: { sn: string; privateKey: string };
  /** @default ['/wxa/servicemarket'] */
  paths?: string[];
}

/** The console's settings of message push. May be changed at any time. */
export interface PushSettings {
  url: string;
  token: string;
  /** 43 characters, for `safe`. */
  encodingAESKey?: string;
  /** @default 'safe' */
  mode?: 'safe' | 'plain';
  /** @default 'json' */
  format?: 'json' | 'xml';
  /** Results of long tasks are lost on their way. @default false */
  lost?: boolean;
}

/** One try to push a message. */
export interface PushTry {
  /** Absent where no answer came within 5 s. */
  status?: number;
  body?: string;
  /** Ms that the answer took. */
  ms: number;
}

/** A request, with its answer. */
export interface PlatformRequest {
  at: number;
  method: string;
  path: string;
  query: Record<string, string>;
  /** Parsed JSON, or the string where it is none. */
  body: unknown;
  /** Absent while pending and where no answer was sent. */
  status?: number;
  errcode?: number;
}

export type PlatformEffect =
  /** The answer comes this many ms later. */
  | { delay: number }
  /** `request`: nothing happens; `reply`: it is done. The connection stays open without an answer. */
  | { lose: 'request' | 'reply' }
  /** The connection is cut; with `after` once it has been done. */
  | { cut: true; after?: boolean }
  /** This answer instead; with `after` once it has been done. */
  | { status: number; body: string; after?: boolean }
  | { errcode: number; errmsg: string; after?: boolean };

export interface PlatformFault {
  /** For example `/wxa/servicemarket`. */
  path: string;
  /** Only the nth request of the path, from 1. */
  nth?: number;
  /** At most so many. */
  times?: number;
  effect: PlatformEffect;
}

/** The platform's server, on loopback. */
export interface PlatformServer {
  /** `http://127.0.0.1:port`. */
  origin: string;
  market: Market;
  /** Where providers find files by `cdn.store`d URLs; real URLs are fetched. */
  cdn: Cdn;
  requests: PlatformRequest[];
  /** A login code as `wx.login` returns it, valid once. @param openid - a new user when absent */
  issueCode(openid?: string, appid?: string): string;
  /** The data that `getPhoneNumber` passes to a page, encrypted with the session key of the user's last code. */
  encryptFor(openid: string, value: object, appid?: string): { encryptedData: string; iv: string };
  /** Access tokens issued so far, per account, oldest first. */
  tokens(appid?: string): string[];
  /** Every access token is from now on expired (42001). */
  expireTokens(): void;
  /** Every access token is from now on invalid (40001), as after a refresh elsewhere. */
  revokeTokens(): void;
  /** One access token is from now on invalid (40001). */
  revokeToken(value: string): void;
  /** Sets the address up as the console does. @returns whether it gave `echostr` back */
  verifyPush(): Promise<boolean>;
  /**
   * Pushes a message, three times at most until the answer is `success` or empty. The results of long tasks are pushed
   * by themselves, where `push` is set.
   */
  push(message: object): Promise<PushTry[]>;
  /** Every try so far. */
  pushes: PushTry[];
  /** The third-party platform of the options. */
  readonly component: ComponentControl;
  fault(fault: PlatformFault): void;
  close(): Promise<void>;
}

/** Thrown by a route: the answer is `{errcode, errmsg}`. */
export class PlatformError extends Error {
  constructor(
    readonly errcode: number,
    readonly errmsg: string,
  ) {
    super(errmsg);
  }
}
