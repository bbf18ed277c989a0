/**
 * What the playground's page has of a phone, and what the phone wants of the page. Everything here crosses between two
 * frames by `postMessage`: it is JSON, with bytes as Uint8Array.
 */
import type { Billing, ChannelName } from '../../protocol';

export type Language = 'zh' | 'en';

/**
 * What the network does to the phone's calls.
 *
 * - `slow`: 40 kB per second, and 400 ms for each native call more
 * - `lossy`: the connection of every third message or upload breaks, and what it carried does not arrive
 * - `offline`: nothing gets through
 * - `lost-answer`: the first message of each call arrives and is carried out, and its answer is lost
 */
export type NetworkCondition = 'normal' | 'slow' | 'lossy' | 'offline' | 'lost-answer';

/** The controls of the page. */
export interface PhoneSettings {
  /** A row of the simulator's profile table, such as `2.8.3` or `newest`, or `newest-without-serviceMarket`. */
  sdkVersion: string;
  platform: 'android' | 'ios';
  /**
   * The channel that the project is configured with; `bridge` with the relay beside it, because base libraries below
   * 2.30 upload nothing for pages. Where the platform's own code carries calls (from 2.9.4 on), it goes first all the same.
   */
  channel: ChannelName;
  /** The page's code runs in a plugin, which calls through its host. */
  plugin: boolean;
  network: NetworkCondition;
  /** The client refuses the service market's names of its bridge, and uploads to the CDN: `permission denied`. */
  bridgeDenied: boolean;
  /** Whether the market recognises repeats by their id. */
  billing: 'perId' | 'perMessage';
}

export interface PhoneOptions {
  settings: PhoneSettings;
  /**
   * The mini-program as it is shown and edited: texts of its files by their path below the project's folder, for example
   * `project.config.json`, `miniprogram/app.json` and, with a plugin, `plugin/plugin.json`. The phone injects the runtime,
   * and `require('miniprogram-servicemarket')` finds the package.
   */
  sources: Record<string, string>;
  /** @default the first page of app.json */
  page?: string;
  /** What the user chooses when page code asks for a photo; undefined: the user cancels. */
  picture?: Uint8Array;
  /** Of the frame's document. @default 'en' */
  language?: Language;
  backend: Backend;
  /** Is called with everything that happens, in order. */
  onEvent(event: PhoneEvent): void;
  /** Folder of the phone's files (`phone.js`), an address with a slash at its end. @default beside the document */
  assets?: string;
}

/** An HTTP exchange of the phone with a server that is not in the frame. */
export interface Exchange {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** What is behind the phone and outside of its frame, which can reach nothing by itself. */
export interface Backend {
  /** The services that it has, as `service/api`. The market knows no others, and a relay in the frame permits no others. */
  services: readonly string[];
  /** Address of a real relay, which `http` reaches. Without it a relay runs in the frame. */
  relayUrl?: string;
  /**
   * Carries an exchange out. The page decides which addresses it permits.
   *
   * @param onSent - is called with the bytes of the body that have been sent so far
   * @param signal - is aborted when page code aborts
   * @throws anything: the phone sees a refused connection
   */
  http?(exchange: Exchange, onSent: (bytes: number) => void, signal: AbortSignal): Promise<Answer>;
  /**
   * A service, as its provider carries it out: the calls of the bridge, of the cloud function, and of a relay in the frame.
   *
   * @param data - parsed, with URLs in place of markers
   * @param files - bytes behind the URLs in `data`
   * @returns the answer's data, JSON
   * @throws Error, whose message the market answers with; its `errcode`, a number, is the code
   */
  provide(service: string, api: string, data: unknown, files: Record<string, Uint8Array>): Promise<unknown>;
  /**
   * The cloud function, run elsewhere: what `wx.cloud.callFunction` sends, and bytes behind the URLs in it.
   *
   * @default a small one in the frame
   */
  cloudFunction?(event: unknown, files: Record<string, Uint8Array>): Promise<unknown>;
  /** Returns the code of `wx.login`, for a real relay. @default a fresh one each time */
  login?(): Promise<string>;
}

/**
 * A phone on the page: a frame of an opaque origin, in which all of the mini-program and the simulator run. Its page may
 * be reached by `frame` for looks alone: nothing of it can be read. It is light in a dark page too, as on a real phone
 * is a mini-program without `darkmode` in its app.json.
 */
export interface Phone {
  readonly frame: HTMLIFrameElement;
  /** What the user chooses from now on. */
  choosePicture(picture: Uint8Array | undefined): void;
  /** Changes the world around the running mini-program. Other settings want a new phone. */
  change(settings: Partial<Pick<PhoneSettings, 'network' | 'bridgeDenied' | 'billing'>>): void;
  /** Aborts the call that is running, as page code does with its task; nothing where none runs. */
  abort(): void;
  /** Takes the frame out of the page; running exchanges of the backend are aborted. */
  close(): void;
}

/**
 * Puts a phone into `container`, which its frame fills, starts the mini-program and opens its page.
 *
 * @returns when the page is rendered
 * @throws Error where page code throws while it starts, or a file has a mistake: with its place
 */
export type OpenPhone = (container: HTMLElement, options: PhoneOptions) => Promise<Phone>;

/** What a part of a text is, for highlighting. */
export interface Span {
  /** Of the first character, counted in UTF-16 units. */
  start: number;
  end: number;
  kind: 'marker' | 'url' | 'id';
}

/** JSON with two spaces of indentation, and what is in it. Bytes and long strings are shortened. */
export interface MarkedText {
  text: string;
  spans: Span[];
}

interface Happening {
  /** ms since the phone started. */
  at: number;
}

/** A crossing of the line between the base library and the client. */
export interface NativeEvent extends Happening {
  type: 'native';
  /** Names the crossing in both of its events. */
  seq: number;
  api: string;
  phase: 'start' | 'end';
  /** What crosses (start) or comes back (end); absent at the end of one that was aborted. */
  payload?: MarkedText;
  failed?: boolean;
  /** In place of `failed`: `wx.checkSession` has no other way to say that nobody has logged in yet. */
  noSession?: boolean;
  aborted?: boolean;
}

/** A file on its way out of the phone. */
export interface UploadEvent extends Happening {
  type: 'upload';
  id: number;
  /** By `uploadToCommonCDN`, by `wx.uploadFile` to a relay, into the app's cloud. */
  via: 'cdn' | 'relay' | 'cloud';
  sent: number;
  total: number;
  state: 'running' | 'done' | 'failed';
  /** Where it is now, once it is done. */
  url?: string;
}

/** A message of the conversation with the market, a relay or the cloud function. */
export interface MessageEvent extends Happening {
  type: 'message';
  /** The call that it belongs to: `call_id`, or `client_msg_id` where there is none. */
  id: string;
  /** Names the message in the event of its answer. */
  seq: number;
  /** `poll` asks for the result of an earlier one, `repeat` follows one that was lost, `retrieve` asks for a long task's. */
  kind: 'call' | 'poll' | 'repeat' | 'retrieve';
  channel: ChannelName | 'native';
  phase: 'request' | 'answer' | 'lost';
  payload?: MarkedText;
}

/** What the market billed; bills of a real relay are known to its server alone. */
export interface BillEvent extends Happening {
  type: 'bill';
  id: string;
  service: string;
  api: string;
  channel: ChannelName | 'native';
  /** The appid that pays. */
  by: string;
}

/** A call as page code has it: what `invokeService`, `getAsyncResult` or `waitForResult` returned a task for. */
export interface CallEvent extends Happening {
  type: 'call';
  /** Names the call in all of its events. */
  seq: number;
  api: 'invokeService' | 'getAsyncResult' | 'waitForResult';
  state: 'started' | 'progress' | 'done' | 'failed';
  /** Per cent, with `progress`. */
  progress?: number;
  /** The arguments (started) or the result (done). */
  payload?: MarkedText;
  error?: CallError;
}

/** An error as page code gets it. */
export interface CallError {
  errCode?: number;
  message: string;
  /** Absent where the platform's own code failed, which does not say. */
  billing?: Billing;
  /** What a page should say to its user. */
  advice: Record<Language, string>;
  /** All of its own fields. */
  payload: MarkedText;
}

/** A line of the console. */
export interface ConsoleEvent extends Happening {
  type: 'console';
  level: 'log' | 'info' | 'warn' | 'error' | 'debug';
  text: string;
}

/** An error that page code did not catch. */
export interface PageErrorEvent extends Happening {
  type: 'page-error';
  message: string;
  stack?: string;
}

/** The page that the phone shows, when it is rendered for the first time. */
export interface PageEvent extends Happening {
  type: 'page';
  path: string;
  title: string;
}

export type PhoneEvent =
  | NativeEvent
  | UploadEvent
  | MessageEvent
  | BillEvent
  | CallEvent
  | ConsoleEvent
  | PageErrorEvent
  | PageEvent;
