'use strict';

const { createHost } = require('miniprogram-servicemarket/simulator');
const { download } = require('../provider/download');
const { deployFunction } = require('./cloud');
const { rowOf, strip, uploadOf } = require('./libraries');
const { uploadsToCdn, watchCloud, watchUploadFile } = require('./uploads');

/**
 * Where the services get pictures from, and how many bytes they got, by URL. The simulated CDN and cloud have no
 * server behind them.
 */
function createPictures() {
  const fetched = new Map();
  const sources = [];
  return {
    fetched,
    /** @param {(url: string) => Uint8Array | undefined} source */
    addSource: (source) => void sources.push(source),
    async fetch(url) {
      const own = sources.map((source) => source(url)).find(Boolean);
      const bytes = Buffer.from(own ?? (await download(url)));
      fetched.set(url, bytes.length);
      return bytes;
    },
  };
}

/**
 * Starts a phone, with the services behind its bridge and the function in its cloud.
 *
 * @param {{lib: string, platform: string}} request
 * @param {{photo: string, plugins: object[], providers: object, platform: object, pictures: object, meter: object}} parts
 * @param {{defer(undo: () => unknown): void}} workspace
 * @returns {{host: object, uploads(): {url: string, ms: number}[], isCloud(url: string): boolean}}
 */
function startPhone(
  { lib, platform: kind },
  { photo, plugins, providers, platform, pictures, meter },
  workspace,
) {
  const { login } = platform;
  const options = {
    sdkVersion: rowOf(lib),
    platform: kind,
    clock: 'real',
    photos: [photo],
    plugins,
    providers,
    login,
    upload: uploadOf(lib),
  };
  const host = createHost(options);
  workspace.defer(() => host.close());
  strip(lib, host.wx);
  deployFunction(host, platform);
  const relayed = watchUploadFile(host.wx, meter);
  const clouded = watchCloud(host.wx, meter);
  const inCloud = (url) => clouded.find((upload) => upload.url === url);
  pictures.addSource((url) => host.cdn.read(url));
  pictures.addSource((url) => inCloud(url) && host.cloud.read(inCloud(url).fileID));
  return {
    host,
    uploads: () => [...relayed, ...clouded, ...uploadsToCdn(host)],
    isCloud: (url) => Boolean(inCloud(url)),
  };
}

module.exports = { createPictures, startPhone };
