/** HTTP as the in-process servers of a host see it. */

export interface HttpRequest {
  method: string;
  url: string;
  /** Path without query. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
  text(): string;
  /** @throws SyntaxError when the body is no JSON */
  json(): unknown;
  /** Parts of a multipart body, as `wx.uploadFile` sends it. */
  form?: { fields: Record<string, string>; file: FormFile };
  /** Aborted when the page aborts. */
  signal: AbortSignal;
}

export interface FormFile {
  name: string;
  filename: string;
  type: string;
  bytes: Uint8Array;
}

export interface HttpResponse {
  /** @default 200 */
  status?: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON. */
  body?: string | Uint8Array | object;
}

export interface HandlerContext {
  now(): number;
  /** Waits in host time. */
  sleep(ms: number): Promise<void>;
}

/** An in-process server. A throw looks like a broken connection to the page. */
export type HttpHandler = (
  request: HttpRequest,
  context: HandlerContext,
) => HttpResponse | Promise<HttpResponse>;

/** One HTTP exchange, in process or real. */
export interface HttpExchange {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
  form?: HttpRequest['form'];
  signal: AbortSignal;
  onSent?: (bytes: number) => void;
}

export interface HttpResult {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}
