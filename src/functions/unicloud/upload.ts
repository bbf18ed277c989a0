import { RelayError } from '../../invocation';
import { readJsonBody, type Request } from './http';

export interface Upload {
  bytes: Buffer;
  /** Content type, or ''. */
  type: string;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const END_OF_HEADERS = Buffer.from('\r\n\r\n');
/** The character that a gateway leaves of bytes that it took for text. */
const DAMAGED = '\ufffd';

/**
 * Finds the file in a request, whichever way it was sent: a multipart field `file`, the body itself, or JSON.
 *
 * @throws RelayError
 */
export function readUpload(request: Request): Upload {
  const { type, bytes, isBase64, text } = request;
  if (type === 'application/json') return uploadOfJson(readJsonBody(request, ['text', 'base64']));
  const isText = type === 'text/plain';
  if (!isText && !isBase64 && text.includes(DAMAGED)) {
    throw refuse(400, 'the gateway of the cloud has damaged its bytes. Send it as {"base64": …}');
  }
  if (isText || type === 'application/octet-stream') return { bytes, type };
  if (type !== 'multipart/form-data') {
    throw refuse(415, 'its content type is not accepted here. Send one multipart field "file"');
  }
  return uploadOfForm(bytes, request.contentType);
}

function uploadOfJson(body: Record<string, unknown>): Upload {
  const [[name, value] = [], ...others] = Object.entries(body);
  if (typeof value !== 'string' || others.length > 0) throw refuse(400, 'send "text" or "base64", a text');
  if (name === 'text') return { bytes: Buffer.from(value), type: 'text/plain' };
  if (value.length % 4 !== 0 || !BASE64.test(value)) {
    throw refuse(400, '"base64" is not base64 with its padding');
  }
  return { bytes: Buffer.from(value, 'base64'), type: '' };
}

/** Reads a form of one file. Node 16 has no parser of forms of its own. */
function uploadOfForm(body: Buffer, contentType: string): Upload {
  const wrong = (): RelayError => refuse(400, 'send one multipart field "file" and nothing else');
  const [, , boundary] = /;\s*boundary=("?)([^";]{1,70})\1/i.exec(contentType) ?? [];
  if (!boundary) throw wrong();
  const start = Buffer.from(`--${boundary}\r\n`);
  const end = Buffer.from(`\r\n--${boundary}`);

  // Some clients begin with the line break that belongs to a boundary.
  const from = body.indexOf('\r\n') === 0 ? 2 : 0;
  const head = body.indexOf(END_OF_HEADERS, from);
  const last = body.indexOf(end, head);
  const isWhole = body.indexOf(start) === from && head > 0 && last >= head + END_OF_HEADERS.length;
  // After the last boundary stands "--".
  const isLast = body.toString('latin1', last + end.length, last + end.length + 2) === '--';
  if (!isWhole || !isLast) throw wrong();

  const headers = body.toString('utf8', from + start.length, head);
  if (!/^content-disposition:\s*form-data;.*\bname="file"(;|$)/im.test(headers)) throw wrong();
  if (!/;\s*filename\*?=/i.test(headers)) throw wrong();
  const [, type = ''] = /^content-type:\s*([^\s;]+)/im.exec(headers) ?? [];
  return { bytes: body.subarray(head + END_OF_HEADERS.length, last), type: type.toLowerCase() };
}

function refuse(statusCode: number, cause: string): RelayError {
  return new RelayError(statusCode, `Failed to read the file: ${cause}.`);
}
