/**
 * uniCloud for one function, as strict as its documentation: the global `uniCloud` (database, storage, log), and
 * the gateway that turns a URL's requests into events and composed responses into answers.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { FakeUniDatabase } from '../../support/fakes/cloud-database';
import type { Any } from '../../support/outcomes';
import { openServer } from '../../support/servers';

export type Provider = 'aliyun' | 'tencent';
type Main = (event: object, context: object) => Promise<Any>;

const FUNCTION = '/http/servicemarket';
const MB = 1024 * 1024;
/** Bytes of a request: text, and anything else; and of an answer. */
const LIMITS = {
  aliyun: { text: 2 * MB, binary: 2 * MB, answer: 2 * MB },
  tencent: { text: 100 * 1024, binary: 20 * MB, answer: 6 * MB },
};
const isText = (type = ''): boolean => /^(text\/|application\/json)/.test(type);

export class FakeUniCloud {
  readonly database = new FakeUniDatabase(['calls', 'limits', 'sessions', 'files']);
  readonly files = new Map<string, Buffer>();
  readonly log: string[] = [];
  /** The answers of the gateway, as they went out. */
  readonly answers: string[] = [];
  /** Whether the gateway hands bytes on as text, as some do. */
  damaging = false;
  main: Main = () => Promise.reject(new Error('no function is deployed'));
  private origin = '';

  private constructor(private readonly provider: Provider) {}

  static async open(provider: Provider): Promise<FakeUniCloud> {
    const fake = new FakeUniCloud(provider);
    const { url } = await openServer((request, response) => void fake.serve(request, response));
    fake.origin = url;
    return fake;
  }

  /** What the app configures as `relay.url`. */
  get url(): string {
    return this.origin + FUNCTION;
  }

  /** Runs the function as the timer does. */
  async tick(): Promise<void> {
    await this.main({}, this.context('timing'));
  }

  /** The file of a link of the storage. */
  private urlOf(path: string): string {
    return `${this.origin}/${path}`;
  }

  readonly api = {
    database: () => this.database.api,
    logger: {
      warn: (...words: string[]) => void this.log.push(words.join(' ')),
      error: (...words: string[]) => void this.log.push(words.join(' ')),
    },
    uploadFile: async ({ cloudPath, fileContent, cloudPathAsRealPath, ...unknown }: Any) => {
      expect(unknown).toEqual({});
      expect(Buffer.isBuffer(fileContent)).toBe(true);
      expect(cloudPath).toMatch(/^[\w./-]+$/);
      const isReal = cloudPathAsRealPath || this.provider === 'tencent';
      const path = isReal ? cloudPath : `cloudstorage/${this.files.size}`;
      this.files.set(path, Buffer.from(fileContent));
      return { fileID: this.provider === 'aliyun' ? this.urlOf(path) : `cloud://space/${path}` };
    },
    getTempFileURL: async ({ fileList }: { fileList: string[] }) => {
      if (this.provider === 'aliyun') throw new Error('not supported by this provider');
      const link = (fileID: string): string =>
        `${this.urlOf(fileID.replace('cloud://space/', ''))}?sign=x&t=1`;
      return { fileList: fileList.map((fileID) => ({ fileID, tempFileURL: link(fileID) })) };
    },
    deleteFile: async ({ fileList }: { fileList: string[] }) => {
      if (this.provider === 'aliyun' && fileList.length > 1) throw new Error('one file at a time');
      for (const fileID of fileList)
        this.files.delete(fileID.replace(/^(cloud:\/\/space|https?:\/\/[^/]+)\//, ''));
      return { fileList: fileList.map((fileID) => ({ fileID })) };
    },
  };

  private context(source: string): object {
    return { SOURCE: source, CLIENTIP: '10.0.0.1', SPACEINFO: { provider: this.provider, spaceId: 'space' } };
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { pathname, searchParams } = new URL(request.url as string, 'http://x');
    if (!pathname.startsWith(FUNCTION)) {
      const file = this.files.get(pathname.slice(1));
      return void response.writeHead(file ? 200 : 404).end(file);
    }
    const limits = LIMITS[this.provider];
    const asText = isText(request.headers['content-type']);
    if (body.length > (asText ? limits.text : limits.binary))
      return void response.writeHead(413).end('<html>');
    const isBase64 = !asText && body.length > 0 && !this.damaging;
    const event = {
      path: pathname.slice(FUNCTION.length) || '/',
      httpMethod: request.method,
      headers: request.headers,
      queryStringParameters: Object.fromEntries(searchParams),
      isBase64Encoded: isBase64,
      ...(body.length > 0 && { body: body.toString(isBase64 ? 'base64' : 'utf8') }),
    };
    try {
      this.write(await this.main(JSON.parse(JSON.stringify(event)), this.context('http')), response);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  }

  private write(composed: Any, response: ServerResponse): void {
    // Without the mark Alibaba Cloud gives the object itself.
    expect(composed.mpserverlessComposedResponse).toBe(true);
    const { statusCode, headers, body, isBase64Encoded } = composed;
    expect(Object.values(headers).every((value) => typeof value === 'string')).toBe(true);
    expect(typeof body).toBe('string');
    this.answers.push(body);
    if (body.length > LIMITS[this.provider].answer) return void response.writeHead(502).end('<html>');
    response.writeHead(statusCode, headers).end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
  }
}
