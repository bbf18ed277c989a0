import { readIntendedBytes, RelayError } from '../../invocation';
import { readJsonBody, type Request } from './http';

export interface Upload {
  bytes: Buffer;
  /** Content type, or ''. */
  type: string;
  /** How many bytes the client meant to send; undefined where it does not say. */
  intended?: number;
}

/** A part of a form, with its headers as a string. */
interface FormPart {
  headers: string;
  bytes: Buffer;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** One more than is accepted, so that the excess is seen and refused. */
const MAX_PARTS = 3;
const END_OF_HEADERS = Buffer.from('\r\n\r\n');
/** The character that a gateway leaves of bytes that it took for text. */
const DAMAGED = '\ufffd';

/**
 * Finds the file in a request, whichever way it was sent: a multipart part `file`, the body itself, or JSON.
 *
 * @throws RelayError
 */
export function readUpload(request: Request): Upload {
  const { type, bytes, isBase64, text } = request;
  const intended = readIntendedBytes(request.intendedBytes);
  if (type === 'application/json')
    return { ...uploadOfJson(readJsonBody(request, ['text', 'base64'])), intended };
  const isText = type === 'text/plain';
  if (!isText && !isBase64 && text.includes(DAMAGED)) {
    throw refuse(422, 'the gateway of the cloud has damaged its bytes. Send it as {"base64": …}');
  }
  if (isText || type === 'application/octet-stream') return { bytes, type, intended };
  if (type !== 'multipart/form-data') {
    throw refuse(415, 'its content type is not accepted here. Send one multipart part "file"');
  }
  return uploadOfForm(bytes, request.contentType, intended);
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

/** Reads a form of one part `file`, and beside it at most the field `bytes`. */
function uploadOfForm(body: Buffer, contentType: string, header: number | undefined): Upload {
  const parts = partsOf(body, contentType);
  const isFile = ({ headers }: FormPart): boolean =>
    hasName(headers, 'file') && /;\s*filename\*?=/i.test(headers);
  const [file, ...otherFiles] = parts.filter(isFile);
  const [field, ...others] = parts.filter((part) => !isFile(part));
  const isExpected = field === undefined || hasName(field.headers, 'bytes');
  if (!file || !isExpected || otherFiles.length > 0 || others.length > 0) throw wrongForm();
  const [, type = ''] = /^content-type:\s*([^\s;]+)/im.exec(file.headers) ?? [];
  const intended = header ?? readIntendedBytes(field?.bytes.toString());
  return { bytes: file.bytes, type: type.toLowerCase(), intended };
}

/** Splits a form into its parts. Node 16 has no parser of forms of its own. @throws RelayError where it is not whole */
function partsOf(body: Buffer, contentType: string): FormPart[] {
  const [, , boundary] = /;\s*boundary=("?)([^";]{1,70})\1/i.exec(contentType) ?? [];
  if (!boundary) throw wrongForm();
  const start = Buffer.from(`--${boundary}\r\n`);
  const end = Buffer.from(`\r\n--${boundary}`);
  // Some clients begin with the line break that belongs to a boundary.
  let from = body.indexOf('\r\n') === 0 ? 2 : 0;
  if (body.indexOf(start) !== from) throw wrongForm();
  from += start.length;
  const parts: FormPart[] = [];
  for (;;) {
    const head = body.indexOf(END_OF_HEADERS, from);
    const last = body.indexOf(end, head);
    if (head < 0 || last < head + END_OF_HEADERS.length || parts.length === MAX_PARTS) throw wrongForm();
    parts.push({
      headers: body.toString('utf8', from, head),
      bytes: body.subarray(head + END_OF_HEADERS.length, last),
    });
    from = last + end.length + 2;
    const after = body.toString('latin1', from - 2, from);
    if (after === '--') return parts;
    if (after !== '\r\n') throw wrongForm();
  }
}

function hasName(headers: string, name: string): boolean {
  return RegExp(`^content-disposition:\\s*form-data;.*\\bname="${name}"(;|$)`, 'im').test(headers);
}

function wrongForm(): RelayError {
  return refuse(400, 'send one multipart part "file", and beside it at most the field "bytes"');
}

function refuse(statusCode: number, cause: string): RelayError {
  return new RelayError(statusCode, `Failed to read the file: ${cause}.`);
}
