'use strict';

const { Buffer } = require('buffer');
const { Refusal } = require('./refusal');

/** Bytes of a JSON body. */
const MAX_JSON = 4194304;

/** @returns what a function with a URL gets, with its body decoded and the names of its headers in lower case */
function readRequest(event, context) {
  const entries = Object.entries(event.headers || {}).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  const headers = Object.fromEntries(entries);
  const contentType = headers['content-type'] || '';
  const isBase64 = String(event.isBase64Encoded) === 'true';
  const text = typeof event.body === 'string' ? event.body : '';
  return {
    method: String(event.httpMethod).toUpperCase(),
    // Below the function's own path, which some clouds leave in.
    path: /[^/]*$/.exec(String(event.path).split('?')[0].replace(/\/+$/, ''))[0],
    token: (/^Bearer ([\w-]{43})$/i.exec(headers.authorization) || [])[1],
    address: context.CLIENTIP || 'unknown',
    contentType,
    type: contentType.split(';')[0].trim().toLowerCase(),
    isBase64,
    text,
    bytes: Buffer.from(text, isBase64 ? 'base64' : 'utf8'),
    json,
  };

  /** @returns the body, an object of at most these fields */
  function json(fields) {
    if (this.type !== 'application/json') throw malformed(415, 'its content type has to be application/json');
    if (this.bytes.length > MAX_JSON) throw malformed(413, 'its body is too large. Send a smaller one');
    let body;
    try {
      body = JSON.parse(this.bytes.toString());
    } catch {
      throw malformed(400, 'its body is no JSON');
    }
    if (body === null || typeof body !== 'object' || Array.isArray(body)) {
      throw malformed(400, 'its body has to be an object');
    }
    const unknown = Object.keys(body).find((name) => !fields.includes(name));
    if (unknown !== undefined) throw malformed(400, `it may have ${fields.join(', ')} and nothing else`);
    return body;
  }
}

function malformed(statusCode, cause) {
  return new Refusal(statusCode, -1, `Failed to read the request: ${cause}.`);
}

/** @returns an answer as uniCloud takes it; without a body, 204 */
function compose(statusCode, body, headers) {
  const isEmpty = body === undefined;
  return {
    mpserverlessComposedResponse: true,
    isBase64Encoded: false,
    statusCode: isEmpty ? 204 : statusCode,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: isEmpty ? '' : JSON.stringify(body),
  };
}

module.exports = { compose, readRequest };
