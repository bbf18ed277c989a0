'use strict';

const path = require('node:path');
const { performance } = require('node:perf_hooks');
const { injectProject } = require('miniprogram-servicemarket/inject');
const { createHost } = require('miniprogram-servicemarket/simulator');
const { createProviders } = require('../provider');
const { download } = require('../provider/download');
const { chooseAndWait } = require('./page');
const { checkPhoto } = require('./photo');
const { startDemoRelay } = require('./relay');
const { uploadsToCdn, watchUploadFile } = require('./uploads');

const PROJECT = path.join(__dirname, '..');

function inject(channels, relayUrl, workspace) {
  const out = path.join(workspace.folder, 'project');
  const { changed, created } = injectProject(PROJECT, {
    out,
    config: { channels, relay: { url: relayUrl } },
  });
  return { out, files: [...created, ...changed] };
}

/** A phone with the real services behind it; `fetched` holds the bytes that they got, by URL. */
function startHost({ lib, platform }, photo, login, workspace) {
  const fetched = new Map();
  const { providers, close } = createProviders({
    async fetchPicture(url) {
      // The simulated platform's own CDN has no server behind it.
      const bytes = Buffer.from(host.cdn.read(url) ?? (await download(url)));
      fetched.set(url, bytes.length);
      return bytes;
    },
  });
  const host = createHost({
    sdkVersion: lib,
    platform,
    clock: 'real',
    photos: [photo.file],
    providers,
    login,
  });
  workspace.defer(close);
  workspace.defer(() => host.close());
  return { host, fetched };
}

/** Who carried the call, and who the photo: read off the traffic. */
function channelsSeen(host, [upload], relayUrl) {
  const [{ channel: callChannel }] = host.market.messages;
  const overRelay = upload?.url.startsWith(relayUrl);
  return { callChannel, uploadChannel: upload && (overRelay ? 'relay' : callChannel) };
}

function describeMembers(members) {
  return Object.entries(members)
    .map(([name, state]) => `${name} ${state}`)
    .join(', ');
}

/**
 * The demo: puts the shim into a copy of this project, starts it on a simulated phone, has a photo read, and
 * measures what happened on the way.
 *
 * @param {{image: string, lib: string, platform: string, channels: string[]}} request
 * @param {{folder: string, defer(undo: () => unknown): void}} workspace
 * @param {{step(text: string): void, meter: object}} report
 * @returns {Promise<object>} the demo's JSON; times in ms
 * @throws {Error} when the photo cannot be used or the page shows an error
 */
async function readPhotoOnHost(request, workspace, report) {
  const startedAt = performance.now();
  const photo = checkPhoto(path.resolve(request.image));
  const relay = await startDemoRelay(workspace);
  report.step(`Relay started on ${relay.url}`);

  const { out, files } = inject(request.channels, relay.url, workspace);
  report.step(`Project copied, runtime injected: ${files.join(', ')}`);

  const { host, fetched } = startHost(request, photo, relay.login, workspace);
  const relayed = watchUploadFile(host.wx, report.meter);
  host.boot(out);
  const { SDKVersion: baseLibrary, platform } = host.wx.getSystemInfoSync();
  const { members } = host.run("return require('./servicemarket-compat.js').install()");
  report.step(`Base library ${baseLibrary} on ${platform}: ${describeMembers(members)}`);

  report.step(`Photo chosen: ${photo.file}, ${photo.width} x ${photo.height} pixels, ${photo.bytes} bytes`);
  const { text, requestId } = await chooseAndWait(host);
  const uploads = [...relayed, ...uploadsToCdn(host)];
  return {
    baseLibrary,
    platform,
    installed: { members: { ...members } },
    ...channelsSeen(host, uploads, relay.url),
    uploads: uploads.map(({ url, ms }) => ({ bytes: fetched.get(url), url, ms })),
    text,
    requestId,
    bills: host.market.bills,
    ms: performance.now() - startedAt,
  };
}

module.exports = { readPhotoOnHost };
