'use strict';

const { Buffer } = require('buffer');
const { Refusal } = require('./refusal');

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const END = Buffer.from('\r\n\r\n');
/** What a gateway leaves of bytes that it took for text. */
const DAMAGED = '\ufffd';

/**
 * Finds the file in a request, whichever way it was sent: a multipart field `file`, the body itself, or JSON.
 *
 * @param request - see http.js
 * @returns `{bytes, type}`. @throws Refusal
 */
function readUpload(request) {
  const { type, contentType } = request;
  if (type === 'application/json') return readJson(request.json(['text', 'base64']));
  const isText = type === 'text/plain';
  if (!isText && !request.isBase64 && request.text.includes(DAMAGED)) {
    throw refuse(400, 'the gateway of the cloud has damaged its bytes. Send it as {"base64": …}');
  }
  if (isText || type === 'application/octet-stream') return { bytes: request.bytes, type };
  if (type !== 'multipart/form-data') {
    throw refuse(415, 'its content type is not accepted here. Send one multipart field "file"');
  }
  return readForm(request.bytes, contentType);
}

function readJson(body) {
  const [[name, value] = [], ...others] = Object.entries(body);
  if (typeof value !== 'string' || others.length > 0) throw refuse(400, 'send "text" or "base64", a text');
  if (name === 'text') return { bytes: Buffer.from(value), type: 'text/plain' };
  if (value.length % 4 !== 0 || !BASE64.test(value))
    throw refuse(400, '"base64" is not base64 with its padding');
  return { bytes: Buffer.from(value, 'base64'), type: '' };
}

/** Reads a form of one file. */
function readForm(body, contentType) {
  const wrong = () => refuse(400, 'send one multipart field "file" and nothing else');
  const [, , boundary] = /;\s*boundary=("?)([^";]{1,70})\1/i.exec(contentType) || [];
  if (!boundary) throw wrong();
  const start = Buffer.from(`--${boundary}\r\n`);
  const end = Buffer.from(`\r\n--${boundary}`);
  // Some clients begin with the line break that belongs to a boundary.
  const from = body.indexOf('\r\n') === 0 ? 2 : 0;
  const head = body.indexOf(END, from);
  const last = body.indexOf(end, head);
  const isWhole = body.indexOf(start) === from && head > 0 && last >= head + END.length;
  // After the last boundary stands "--".
  if (!isWhole || body.toString('latin1', last + end.length, last + end.length + 2) !== '--') throw wrong();
  const headers = body.toString('utf8', from + start.length, head);
  if (!/^content-disposition:\s*form-data;.*\bname="file"(;|$)/im.test(headers)) throw wrong();
  if (!/;\s*filename\*?=/i.test(headers)) throw wrong();
  const [, type = ''] = /^content-type:\s*([^\s;]+)/im.exec(headers) || [];
  return { bytes: body.subarray(head + END.length, last), type: type.toLowerCase() };
}

function refuse(statusCode, cause) {
  return new Refusal(statusCode, -1, `Failed to read the file: ${cause}.`);
}

module.exports = { readUpload };
