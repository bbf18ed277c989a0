'use strict';

/* global AbortSignal */

const LARGEST = 10 * 1024 * 1024;
const PATIENCE = 15000;

function fail(url, cause, fix, error) {
  return new Error(`Failed to download ${url}: ${cause}. ${fix}`, { cause: error });
}

async function readBody(response, url) {
  const parts = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > LARGEST) throw fail(url, `it is larger than ${LARGEST} bytes`, 'Send a smaller picture.');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/**
 * Fetches the bytes behind a URL, as a provider does with the URL that the platform's CDN gave.
 *
 * @param {unknown} url - http or https; at most 10 MB are read, within 15 s
 * @returns {Promise<Buffer>}
 * @throws {Error} when it is no such URL, cannot be reached, answers with an error status or is too large
 */
async function download(url) {
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) {
    throw fail(JSON.stringify(url), 'it is no http(s) URL', 'Mark the file with wx.serviceMarket.CDN.');
  }
  let response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
  } catch (error) {
    throw fail(url, error.cause?.message || error.message, 'Check that its server can be reached.', error);
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw fail(
      url,
      `the server answered ${response.status}`,
      'Upload the file again; its URL may have expired.',
    );
  }
  return readBody(response, url);
}

module.exports = { download };
