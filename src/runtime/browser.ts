/**
 * The package as an app imports it that also runs in a browser (`miniprogram-servicemarket/browser`;
 * docs/en/other-hosts.md): all of index.ts, and a host made of fetch.
 */
import type { Installation } from '../protocol';
import { callSafely } from './core/callbacks';
import { findHost, has, type Host, read } from './core/host';
import { install as installOn } from './index';
import { defineMarket, notDefined, reportProblem } from './install/install';

export {
  CDN,
  configure,
  connectPlugin,
  ErrorCode,
  getAsyncResult,
  invokeService,
  isServiceMarketError,
  serviceMarket,
  waitForResult,
} from './index';
export type * from './index';

/** Callbacks and the task are those of `wx.request`; a failure is `{errMsg: '<api>:fail <cause>'}`. */
export interface BrowserCallbacks {
  success?: (result: any) => void;
  fail?: (error: { errMsg: string }) => void;
  complete?: (outcome: any) => void;
}

export interface BrowserTask {
  /** Ends the exchange; `fail` says `<api>:fail abort`. */
  abort(): void;
}

export interface BrowserRequest extends BrowserCallbacks {
  url: string;
  /** @default 'GET' */
  method?: string;
  /** Text and bytes are sent as they are, everything else as JSON. */
  data?: unknown;
  header?: { [name: string]: string };
  /** ms. @default 60000 */
  timeout?: number;
}

export interface BrowserUpload extends BrowserCallbacks {
  url: string;
  /** What the page can fetch: `URL.createObjectURL(file)`, a `data:` URL. */
  filePath: string;
  /** The multipart field. */
  name: string;
  header?: { [name: string]: string };
  /** ms. @default 60000 */
  timeout?: number;
}

export interface BrowserUploadTask extends BrowserTask {
  /** fetch reports no progress, so a listener is called at the end alone. */
  onProgressUpdate(
    listener: (progress: {
      progress: number;
      totalBytesSent: number;
      totalBytesExpectedToSend: number;
    }) => void,
  ): void;
}

export interface BrowserHost {
  getSystemInfoSync(): { SDKVersion: string; platform: string };
  request(options: BrowserRequest): BrowserTask;
  uploadFile(options: BrowserUpload): BrowserUploadTask;
  arrayBufferToBase64(buffer: ArrayBuffer): string;
}

declare const AbortController: new () => { signal: unknown; abort(): void };
declare const btoa: (binary: string) => string;
declare const fetch: (url: string, init?: object) => Promise<any>;
declare const FormData: new () => { append(name: string, value: unknown, filename?: string): void };

function isBytes(data: unknown): boolean {
  return Object.prototype.toString.call(data) === '[object ArrayBuffer]';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function post(url: string, method: string, headers: object | undefined, body: unknown, signal: unknown) {
  return fetch(url, { method, headers, body, signal });
}

const DEFAULT_TIMEOUT_MS = 60000;

/**
 * Runs one exchange with the host's manners: callbacks once, a time limit, abort.
 *
 * @param start - sends it. @param signal - ends it, where the browser can
 * @param read - makes `data` of the answer's text
 */
function exchange(
  api: string,
  options: BrowserCallbacks & { timeout?: number },
  start: (signal: unknown) => Promise<any>,
  read: (text: string) => unknown,
): BrowserTask {
  const controller = typeof AbortController === 'undefined' ? undefined : new AbortController();
  let isOver = false;
  function end(callback: ((outcome: any) => void) | undefined, outcome: object): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    callSafely(callback, outcome);
    callSafely(options.complete, outcome);
  }
  function stop(cause: string): void {
    end(options.fail, { errMsg: api + ':fail ' + cause });
    if (controller) controller.abort();
  }
  const timer = setTimeout(() => stop('timeout'), options.timeout || DEFAULT_TIMEOUT_MS);
  start(controller && controller.signal)
    .then((answer) =>
      answer.text().then((text: string) => {
        end(options.success, { errMsg: api + ':ok', statusCode: answer.status, data: read(text) });
      }),
    )
    .then(null, (error) =>
      end(options.fail, { errMsg: api + ':fail ' + ((error && error.message) || error) }),
    );
  return { abort: () => stop('abort') };
}

/**
 * Makes a `wx`-like object over `fetch`. It has what the relay channel needs and no `login`: the relay's `credential`
 * comes from the app.
 */
export function createBrowserHost(): BrowserHost {
  return {
    getSystemInfoSync: () => ({ SDKVersion: '', platform: 'browser' }),

    arrayBufferToBase64(buffer) {
      // eslint-disable-next-line es-x/no-typed-arrays -- older than fetch in every browser
      const view = new Uint8Array(buffer);
      let binary = '';
      for (let i = 0; i < view.length; i++) binary += String.fromCharCode(view[i]!);
      return btoa(binary);
    },

    request(options) {
      const { url, method, data, header } = options;
      const isPlain = data === undefined || typeof data === 'string' || isBytes(data);
      const headers = isPlain ? header : Object.assign({ 'content-type': 'application/json' }, header);
      const body = isPlain ? data : JSON.stringify(data);
      return exchange(
        'request',
        options,
        (signal) => post(url, method || 'GET', headers, body, signal),
        parsed,
      );
    },

    uploadFile(options) {
      const { url, filePath, name, header } = options;
      const listeners: Array<(progress: any) => void> = [];
      let size = 0;
      const task = exchange(
        'uploadFile',
        options,
        (signal) =>
          fetch(filePath, { signal })
            .then((file) => file.blob())
            .then((blob) => {
              const form = new FormData();
              size = blob.size;
              form.append(name, blob, 'file');
              return post(url, 'POST', header, form, signal);
            }),
        (text) => {
          const progress = { progress: 100, totalBytesSent: size, totalBytesExpectedToSend: size };
          listeners.forEach((listener) => callSafely(listener, progress));
          return text;
        },
      );
      return Object.assign(task, {
        onProgressUpdate(listener: (progress: any) => void) {
          listeners.push(listener);
        },
      });
    },
  };
}

let browserHost: BrowserHost | undefined;

/**
 * 补全宿主的 `serviceMarket`；宿主没有 `request` 时经 `fetch`。仅引入不作任何改动
 *
 * Adds to the host's `serviceMarket` what it lacks; where the host has no `request` of its own, over `fetch`. Importing
 * alone changes nothing
 *
 * @param host - gets `serviceMarket`. The `uni` and `Taro` of an H5 build have no `request`: their compilers turn
 *   members into imports. By default a global is looked for, and in a plain page only the import works
 * @returns what became of each member, and how to undo it; `problem` where it cannot work
 * @example
 * install(Taro);
 * configure({channels: ['relay'], relay: {url: 'https://relay.example.com', credential: getSignedToken}});
 */
export function install(host?: Host): Installation {
  if (typeof fetch === 'undefined' || has(host || findHost(), 'request')) return installOn(host);
  browserHost = browserHost || createBrowserHost();
  const installation = installOn(browserHost);
  const market = read(browserHost, 'serviceMarket');
  if (!host || read(host, 'serviceMarket') === market) return installation;
  try {
    const restore = defineMarket(host, market);
    const { undo } = installation;
    installation.undo = () => {
      undo();
      restore();
    };
  } catch (error) {
    reportProblem(installation, notDefined(error));
  }
  return installation;
}
