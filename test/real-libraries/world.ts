/**
 * What stands behind both hosts of a comparison: one server, one service market, the same files and photos. Everything
 * that reaches it is written down, in a form that does not depend on how it came.
 */
import type { Any, HostOptions } from '../../src/simulator';
import { FileStore, USER_DATA_PATH } from '../../src/simulator/client/files';
import { NativeFailure } from '../../src/simulator/client/natives';
import type { Clock } from '../../src/simulator/clock/types';
import { MarketServer } from '../../src/simulator/market/market';
import { ContentServer, RELAY } from './content-server';

export const SERVER = 'https://server.test';
/** A file with bytes of every value. */
export const PHOTO = {
  path: 'wxfile://tmp_photo',
  bytes: Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7 + (index >> 8)) & 255),
};
export const FILES: Record<string, string | Uint8Array> = {
  'wxfile://tmp_a.png': 'PNG-A',
  'wxfile://tmp_empty': '',
  [PHOTO.path]: PHOTO.bytes,
};

/** Something that left the phone: for whom, and what. */
export type Sent = { to: string } & Record<string, unknown>;

export interface Response {
  status: number;
  header: Record<string, string>;
  body: Uint8Array;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The server's answer to a path. */
export function respond(path: string): Response {
  const json = { 'Content-Type': 'application/json' };
  const plain = { 'Content-Type': 'text/plain' };
  switch (path) {
    case '/json':
      return { status: 200, header: json, body: bytes('{"a":1,"list":[true,null]}') };
    case '/broken':
      return { status: 200, header: json, body: bytes('{"a":') };
    case '/bytes':
      return { status: 200, header: { 'Content-Type': 'image/png' }, body: new Uint8Array([65, 66, 0, 67]) };
    case '/missing':
      return { status: 404, header: json, body: bytes('{"errcode":404}') };
    case '/failing':
      return { status: 500, header: plain, body: bytes('down') };
    case '/empty':
      return { status: 204, header: {}, body: bytes('') };
    default:
      return { status: 200, header: plain, body: bytes('fine') };
  }
}

/** Bytes as they are compared: the text where they are one, else hexadecimal. */
function shown(body: Uint8Array): string {
  const text = new TextDecoder().decode(body);
  const isText = Buffer.from(text).equals(Buffer.from(body)) && !text.includes('\0');
  return isText ? text : `hex ${Buffer.from(body).toString('hex')}`;
}

/** A request of either host. */
export const sentRequest = (
  method: string,
  url: string,
  headers: Record<string, string>,
  body: Uint8Array,
): Sent => ({
  to: 'server',
  method,
  url,
  headers: pageHeaders(headers),
  body: shown(body),
});

/** Headers that say something about the page's call, by their names in lower case. */
function pageHeaders(headers: Record<string, string>): Record<string, string> {
  const entries = Object.entries(lowerCase(headers));
  return Object.fromEntries(entries.filter(([name]) => /^(content-type|authorization|x-test)/.test(name)));
}

const lowerCase = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

export const sentToMarket = (apiName: string, request: Any, pluginAppid?: string): Sent => ({
  to: 'market',
  apiName,
  request: request as unknown,
  ...(pluginAppid === undefined ? {} : { pluginAppid }),
});

/** Services of the market: `echo` returns its data, `fail` an error of the provider. */
export const PROVIDERS: NonNullable<HostOptions['providers']> = {
  '*': (data: unknown) => ({ echo: data ?? null }),
  'S/fail': () => {
    throw Object.assign(new Error('no such picture'), { errcode: 61, errmsg: 'no such picture' });
  },
};

/** The package's own function of the cloud. */
export const CLOUD_FUNCTION = 'servicemarket';

/** Functions of the cloud: `echo` returns its data, `broken` throws, `slow` does not end in time. */
export const CLOUD: NonNullable<HostOptions['cloud']> = {
  envs: ['env-1'],
  timeLimit: 3000,
  functions: {
    echo: (event: Any) => ({ data: event.data as unknown }),
    broken: () => {
      throw new Error('oops');
    },
    slow: () => new Promise(() => {}),
  },
};

/** Whether the app has a cloud environment, and what becomes of messages to it. */
export type CloudState = 'there' | 'absent' | 'unreachable' | 'silent' | 'without storage';

/** A cloud function that threw, or ran too long, in the cloud's words. */
export class FunctionFailure extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** The world of a real library. The simulator has its own, made from the same constants. */
export class World {
  readonly sent: Sent[] = [];
  private readonly market: MarketServer;
  private readonly files = new FileStore(() => new Uint8Array(0), 10 * 1024 * 1024);
  /** The result of the cloud function that ran last, where the library asks for it at a URL. */
  cloudResult = '';
  /** Where deliveries.ts sends its contents. */
  readonly contents = new ContentServer();
  private uploads = 0;

  constructor(
    clock: Clock,
    readonly cloud: CloudState = 'there',
  ) {
    this.market = new MarketServer(clock, () => Promise.resolve(new Uint8Array(0)));
    for (const [key, provider] of Object.entries(PROVIDERS)) this.market.provide(key, provider);
    for (const [path, content] of Object.entries(FILES)) this.files.give(path, content);
  }

  /** Answers one `operateWXData`: the body of the server's reply. */
  async operate(apiName: string, request: unknown, pluginAppid?: string): Promise<string> {
    if (/^(webapi_servicemarket_|webapi_test)/.test(apiName))
      this.sent.push(sentToMarket(apiName, request, pluginAppid));
    if (!apiName.startsWith('webapi_servicemarket_')) return '{}';
    return this.market.handle({ channel: 'bridge', appid: 'app', pluginAppid }, apiName, request);
  }

  async exchange(kind: 'Request' | 'Upload' | 'Download', params: Any): Promise<Response | { fail: string }> {
    if (!URL.canParse(params.url as string)) return { fail: `invalid url "${params.url as string}"` };
    const url = new URL(params.url as string);
    if (url.hostname === 'cloud.test') {
      if (kind === 'Upload' && this.cloud === 'without storage') return { fail: 'file not found' };
      if (kind === 'Upload') this.contents.store(this.files.read(params.filePath as string));
      return this.cloudStorage(url.pathname);
    }
    const header = (params.header ?? {}) as Record<string, string>;
    if (url.origin === RELAY) return this.relay(kind, url.pathname, header, params);
    if (kind === 'Upload') {
      const { filePath, name, formData } = params as Record<string, Any>;
      this.sent.push({
        to: 'upload',
        url: url.href,
        name: name as string,
        filePath: filePath as string,
        formData: (formData ?? {}) as unknown,
      });
    } else {
      const data = params.data as unknown;
      const method = (params.method ?? 'GET') as string;
      // The client sends no body with a GET, whatever the library hands over.
      const isSent = method !== 'GET' && data !== undefined;
      const body = Buffer.isBuffer(data) ? data : Buffer.from(isSent ? String(data) : '');
      this.sent.push(sentRequest(method, url.href, header, method === 'GET' ? new Uint8Array(0) : body));
    }
    if (url.pathname === '/broken-connection') return { fail: 'net::ERR_CONNECTION_RESET' };
    return respond(url.pathname);
  }

  private relay(kind: string, path: string, header: Record<string, string>, params: Any): Response {
    const data = params.data as unknown;
    const { status, body } = this.contents.handle({
      path,
      headers: lowerCase(header),
      body: Buffer.isBuffer(data) ? data : Buffer.from(String(data ?? '')),
      file: kind === 'Upload' ? this.files.read(params.filePath as string) : undefined,
    });
    return { status, header: { 'Content-Type': 'application/json' }, body: bytes(JSON.stringify(body)) };
  }

  private cloudStorage(path: string): Response {
    const isResult = path === '/result';
    const body = isResult ? this.cloudResult : '{"data":{"fileid":"cloud://env-1.app/a.png"}}';
    return { status: isResult ? 200 : 204, header: {}, body: bytes(body) };
  }

  uploadToCdn(params: Any): object {
    this.sent.push(sentToCdn(params));
    if (params.filePath === undefined && params.fileData === undefined)
      return { errMsg: 'uploadToCommonCDN:fail invalid data' };
    return { errMsg: 'uploadToCommonCDN:ok', fileUrl: `https://cdn.test/${++this.uploads}` };
  }

  chooseImage(count: number): object {
    const tempFilePaths = ['wxfile://tmp_a.png'].slice(0, count);
    return {
      errMsg: 'chooseImage:ok',
      tempFilePaths,
      tempFiles: tempFilePaths.map((path) => ({ path, size: 5 })),
    };
  }

  /** Runs a function of the cloud. @throws FunctionFailure */
  async cloudFunction(clock: Clock, name: string, data: string | undefined): Promise<unknown> {
    const event = data === undefined ? {} : (JSON.parse(data) as unknown);
    if (name === CLOUD_FUNCTION) return this.contents.call();
    this.sent.push({ to: 'cloud', name, event });
    const { functions = {}, timeLimit = 0 } = CLOUD;
    const late = new Promise((_resolve, reject) => {
      const text = `Invoking task timed out after ${timeLimit / 1000} seconds`;
      clock.setTimer(() => reject(new FunctionFailure(-504003, text)), timeLimit, name);
    });
    const run = functions[name] as (event: unknown) => unknown;
    const outcome = Promise.resolve(event)
      .then(run)
      .catch((error: Error) => {
        throw new FunctionFailure(-504002, `Error: ${error.message}`);
      });
    return Promise.race([outcome, late]);
  }

  readonly fileOperations = ['access', 'readFile', 'writeFile', 'unlink', 'mkdir', 'getFileInfo'];

  file(operation: string, params: Any): Any {
    try {
      return this.operateFile(operation, params);
    } catch (error) {
      if (!(error instanceof NativeFailure)) throw error;
      return { fail: error.failCause };
    }
  }

  private operateFile(operation: string, { filePath, path, data, encoding, dirPath }: Any): Any {
    const { files } = this;
    switch (operation) {
      case 'access':
        if (!files.has(path as string) && !files.isFolder(path as string)) {
          throw new NativeFailure(`no such file or directory ${path as string}`);
        }
        return {};
      case 'readFile': {
        const content = Buffer.from(files.read(filePath as string));
        return { data: encoding ? content.toString(encoding as BufferEncoding) : content };
      }
      case 'writeFile': {
        const given = data as string | Buffer;
        if (typeof given !== 'string' && !Buffer.isBuffer(given)) {
          throw new NativeFailure('parameter error: parameter.data should be String|ArrayBuffer;');
        }
        const content = Buffer.isBuffer(given)
          ? given
          : Buffer.from(given, (encoding ?? 'utf8') as BufferEncoding);
        if (!String(filePath).startsWith(`${USER_DATA_PATH}/`)) {
          throw new NativeFailure(`permission denied, open "${filePath as string}"`);
        }
        files.make(filePath as string, new Uint8Array(content));
        return {};
      }
      case 'unlink':
        files.remove(filePath as string);
        return {};
      case 'mkdir':
        files.makeFolder(dirPath as string);
        return {};
      default:
        return { size: files.read(filePath as string).length };
    }
  }
}

/** Data that crosses to the client's upload beside or in the parameters. */
export function sentToCdn({ fileKey, fileData, ...rest }: Any): Sent {
  const content = ArrayBuffer.isView(fileData)
    ? { bytes: shown(fileData as Uint8Array) }
    : { fileData: fileData as unknown };
  return { to: 'cdn', ...(rest as object), hasKey: typeof fileKey === 'string', ...content };
}
