import type { Fault } from './client/faults';
import type { Cloud } from './cloud/types';
import type { Profile } from './host/profiles';
import type { Photo } from './host/options';
import type { Bill, MarketChannel, MarketMessage, MarketSettings, Provider } from './market/types';

/** The public types of the simulator: what a test or the demo can do with a host, and what it can look at. */

/** A value of the page's own realm, or one whose shape belongs to the page. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- page code is untyped JavaScript
export type Any = any;

/** One crossing of the line between library and client. */
export interface NativeCall {
  seq: number;
  /** Host time in ms. */
  at: number;
  api: string;
  /** A copy of what crossed; ArrayBuffers as Uint8Array. */
  params: Any;
  /** What came back; absent while pending and after a loss. */
  reply?: Any;
  aborted?: boolean;
}

export interface HostClock {
  /** ms since the epoch. */
  now(): number;
  /** Lets `ms` pass, firing every timer on the way. */
  advance(ms: number): Promise<void>;
  /**
   * Fires timers until none is left, or until `limitMs` have passed.
   *
   * @throws Error after 100,000 timers
   */
  run(limitMs?: number): Promise<void>;
  /**
   * Lets time pass until `promise` settles, and returns its outcome.
   *
   * @throws Error when nothing is left that could settle it, or after `limitMs`
   */
  until<T>(promise: PromiseLike<T>, limitMs?: number): Promise<T>;
  /** Timers now waiting, earliest first; `user` ones belong to page code. */
  pending(): { at: number; what: string; user: boolean }[];
}

export interface Market extends MarketSettings {
  bills: Bill[];
  /** Every message of every channel, with its answer. */
  messages: MarketMessage[];
  /** Sets the provider of `'service/api'`, `'service/*'` or `'*'`. */
  provide(key: string, provider: Provider): void;
}

export interface CdnFile {
  url: string;
  bytes: Uint8Array;
  name?: string;
  at: number;
}

export interface Cdn {
  files: CdnFile[];
  /** The content behind a URL as a string. @throws Error when nothing is there */
  text(url: string): string;
  read(url: string): Uint8Array | undefined;
  /** Uploads by `uploadToCommonCDN` now running, and the most at once so far. */
  inFlight: number;
  most: number;
}

/** Counts of request, uploadFile and downloadFile that are running now, and the most at once so far. */
export interface Transfers {
  inFlight: number;
  most: number;
}

export interface LogLine {
  level: 'log' | 'info' | 'warn' | 'error' | 'debug';
  text: string;
}

/** A page as the host made it: `data`, `setData`, and the page's own members; an object of the realm. */
export type Page = Any;

/** A call of a service, as it reached the market. */
export interface ServiceCall {
  /** Host time in ms. */
  at: number;
  service: string;
  api: string;
  /** The parsed `data`, with URLs in place of markers; undefined where the page sent none. */
  data: Any;
  channel: MarketChannel;
  /** Names the call in every message of it and in its bill. */
  id: string;
}

/** A file that left the phone. */
export interface Upload {
  /** Host time in ms. */
  at: number;
  via: 'cdn' | 'uploadFile' | 'cloud';
  /** Where the file was on the phone; absent for content that came from memory. */
  filePath?: string;
  bytes: Uint8Array;
}

/** An element that a page shows. */
export interface ViewElement {
  tag: string;
  id: string;
  classes: string[];
  dataset: Record<string, Any>;
  attributes: Record<string, Any>;
  /** Of it and all that is in it. */
  text: string;
}

/**
 * An open page as a test has it. Its own functions and fields are there too: `await page.readPhoto(path)` lets time pass
 * until the promise settles. Values are copies; `instance` is the page itself.
 */
export interface TestPage {
  /** `this` of page code, an object of its realm. */
  readonly instance: Page;
  readonly path: string;
  readonly query: Record<string, string>;
  /** A copy of the page's data. */
  readonly data: Any;
  /**
   * Taps the first element that the selector (`#id`, `.class`, `.outer .inner`) finds in the page's WXML, and lets time
   * pass until all that it starts is over. A disabled button does nothing.
   *
   * @param detail - of the event
   * @throws what page code throws; Error where nothing is found or nothing listens, naming the handler to call instead
   */
  tap(selector: string, detail?: object): Promise<void>;
  /** The same for any event, such as `change`, or one of a custom component. */
  trigger(selector: string, type: string, detail?: object): Promise<void>;
  /** Types into an input: its `input` event, and what `model:value` binds. */
  input(selector: string, value: string): Promise<void>;
  /** The first element that the selector finds. @throws Error where there is none */
  find(selector: string): ViewElement;
  findAll(selector: string): ViewElement[];
  [member: string]: Any;
}

export interface App {
  /** The argument of `App()` in app.js; a value of the realm. */
  instance: Any;
  /** app.json. */
  config: Any;
  /** Folder that holds app.json. */
  root: string;
}

export interface Host {
  /** The page's `wx`, an object of the host's realm. */
  wx: Any;
  profile: Profile;
  /** Runs a CommonJS file as a user module (once). @returns its exports */
  load(file: string): Any;
  /** Runs `source` as the body of a function of page code that sees `wx`, `require` and `args` by name. */
  run(source: string, args?: Record<string, unknown>): Any;
  /** Runs `source` as a plain script of the realm. */
  script(source: string): void;
  /** Names of the realm's globals, sorted. */
  globals(): string[];
  /** Starts a built mini-program: app.json, app.js, `App()`, onLaunch, onShow. */
  boot(projectDir: string): App;
  /**
   * Opens a page: onLoad, onShow, onReady. Time passes until all that they start is over. Starts the mini-program of
   * `project` where none runs yet.
   *
   * @throws what page code throws; Error where there is no such page
   */
  open(page: string, query?: Record<string, string>): Promise<TestPage>;
  /** The page on top. @throws Error where none is open */
  readonly page: TestPage;
  /** Opens a page without letting time pass. @returns the page itself; its errors go to `errors` */
  show(page: string, query?: Record<string, string>): Page;
  /** Lets time pass until all that page code has started is over. @throws what page code throws */
  rest(): Promise<void>;
  /** Sets what a service answers: an answer by the name of each API, and its data from the page's. */
  provide(service: string, apis: Record<string, Provider>): void;
  /** Calls of services that reached the market, repeats counted once. */
  readonly calls: ServiceCall[];
  readonly bills: Bill[];
  /** Files that left the phone. */
  readonly uploads: Upload[];
  /** A declared plugin: its `wx`, and a function that runs source as its code. @throws Error as `requirePlugin` does */
  plugin(name: string): { appid: string; wx: Any; run(source: string, args?: Record<string, unknown>): Any };
  /** Every crossing of the line between library and client. */
  nativeCalls: NativeCall[];
  fault(fault: Fault): void;
  clock: HostClock;
  market: Market;
  cdn: Cdn;
  cloud: Cloud;
  transfers: Transfers;
  /** Paths of the files that the app made and that are still there. */
  tempFiles(): string[];
  /** What the user chooses from now on when page code asks for pictures: files on disk or bytes; none to cancel. */
  choosePhotos(...photos: Photo[]): void;
  /** There is no network until `online`. */
  offline(): void;
  online(): void;
  /** The network carries so many bytes per second from now on. */
  slow(bytesPerSecond: number): void;
  /** The client refuses page code the service market's bridge, or its uploads (`permission denied`), until `allow`. */
  deny(what: 'bridge' | 'upload'): void;
  allow(what: 'bridge' | 'upload'): void;
  /** The app goes to the background: onAppHide, and timers of page code sleep. */
  background(): void;
  foreground(): void;
  /** Reasons of unhandled rejections of promises of the realm. */
  unhandled: unknown[];
  /** Errors thrown out of callbacks and timers of page code. */
  errors: unknown[];
  /** Console lines of the realm. */
  logs: LogLine[];
  /** Forgets all timers and stops listening. */
  close(): Promise<void>;
}
