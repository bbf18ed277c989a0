import { expectKind, refuse, runCallbacks } from '../apis/callbacks';
import { ParameterFailure } from '../client/natives';
import type { Env } from '../host/env';
import { bytesOfText, omit, parsedOr, randomWord, utf8 } from '../text';
import type { Any } from '../types';
import { multipart, requestBody } from './body';
import { checkUrl, hostRules, withRules } from './rules';
import { cookiesOf, endedTask, startTransfer } from './transfers';
import type { Transfer, TransferKind } from './transfers';

/** `wx.request`, `wx.uploadFile`, `wx.downloadFile`. */
export function networkApis(env: Env, rules = hostRules(env)): Record<string, (args: Any) => unknown> {
  const api = (kind: TransferKind, prepare: (args: Any) => Transfer | undefined) => (args: Any) => {
    try {
      checkUrl(kind, rules, args);
      const transfer = prepare(args);
      return transfer && (startTransfer(env, kind, args, withRules(rules, transfer)) as unknown);
    } catch (error) {
      refuse(env, kind, error, (reply) => runCallbacks(env, args, reply));
      // A bad argument is found before there is a task.
      return error instanceof ParameterFailure ? undefined : endedTask(env, kind);
    }
  };
  return {
    request: api('request', (args) => prepareRequest(env, args)),
    uploadFile: api('uploadFile', (args) => prepareUpload(env, args)),
    downloadFile: api('downloadFile', (args) => prepareDownload(env, args)),
  };
}

function headersOf(args: Any): Record<string, string> {
  const given = Object.entries((args.header ?? {}) as Record<string, unknown>);
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function prepareRequest(env: Env, args: Any): Transfer | undefined {
  const { url } = args as { url: string };
  const { binaryRequest } = env.profile;
  const method = String(args.method ?? 'GET').toUpperCase();
  const body = requestBody(method, url, headersOf(args), args.data, binaryRequest === 'bytes');
  if (!body) return undefined;
  const exchange = { method, ...body };
  const { header, data, dataType, responseType } = args as Record<string, unknown>;
  return {
    params: { url, method, header, data, dataType, responseType },
    exchange,
    timeout: args.timeout as number | undefined,
    result: ({ status, headers, body }, changed) => ({
      data: responseData(
        binaryRequest === 'bytes' ? args : omit(args as object, 'responseType' as never),
        changed === undefined ? body : bytesOfText(String(changed)),
      ),
      statusCode: status,
      header: headers,
      ...cookiesOf(env),
    }),
  };
}

/** Parses JSON unless another dataType is asked for; anything else stays a string. */
function responseData({ dataType = 'json', responseType = 'text' }: Any, body: Uint8Array): unknown {
  if (responseType === 'arraybuffer') return body;
  const text = utf8(body);
  return dataType === 'json' ? parsedOr(text, text) : text;
}

function prepareUpload(env: Env, args: Any): Transfer {
  expectKind(args, 'filePath', ['String']);
  expectKind(args, 'name', ['String']);
  const { url, filePath, name, header } = args as Record<string, Any>;
  const file = {
    name: name as string,
    filename: (filePath as string).split('/').pop() ?? '',
    type: contentType(filePath as string),
    bytes: env.files.read(filePath as string, 'file not found'),
  };
  const fields = Object.fromEntries(
    Object.entries((args.formData ?? {}) as object).map(([key, value]) => [key, fieldText(value)] as const),
  );
  const { type, body } = multipart(fields, file);
  return {
    params: { url, filePath, name, header, formData: fields },
    exchange: {
      method: 'POST',
      url: url as string,
      headers: { ...headersOf(args), 'content-type': type },
      body,
      form: { fields, file },
    },
    timeout: args.timeout as number | undefined,
    result: ({ status, headers, body: answer }, changed) => ({
      data: changed ?? utf8(answer),
      statusCode: status,
      header: headers,
      ...cookiesOf(env),
    }),
  };
}

/** A field of a form as the library writes it. */
function fieldText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : Object.prototype.toString.call(value);
}

function prepareDownload(env: Env, args: Any): Transfer {
  const { url } = args as { url: string };
  return {
    params: { url, header: args.header as unknown },
    exchange: { method: 'GET', url, headers: headersOf(args), body: new Uint8Array(0) },
    timeout: args.timeout as number | undefined,
    result({ status, body }) {
      const tempFilePath = (args.filePath as string | undefined) ?? `wxfile://tmp_${randomWord()}`;
      env.files.make(tempFilePath, body);
      return { tempFilePath, statusCode: status };
    },
  };
}

const TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  txt: 'text/plain',
};

function contentType(path: string): string {
  return TYPES[path.split('.').pop()?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}
