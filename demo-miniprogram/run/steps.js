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
  return { out, changed, created };
}

function startHost({ lib, platform }, photo, login, workspace) {
  const { providers, close } = createProviders({
    // The simulated platform's own CDN has no server behind it.
    fetchPicture: async (url) => Buffer.from(host.cdn.read(url) ?? (await download(url))),
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
  return host;
}

/** Who carried the call, and the photo: read off the traffic. */
function channelsSeen(host, uploads, relayUrl) {
  const [{ channel: callChannel }] = host.market.messages;
  const [upload] = uploads;
  const overRelay = upload?.url.startsWith(relayUrl);
  return { callChannel, uploadChannel: upload && (overRelay ? 'relay' : callChannel) };
}

/**
 * The demo: puts the shim into a copy of this project, starts it on a simulated phone, has a photo read, and
 * measures what happened on the way.
 *
 * @param {{image: string, lib: string, platform: string, channels: string[]}} request
 * @param {{folder: string, defer(undo: () => unknown): void}} workspace
 * @param {{step(text: string): void, meter: object}} report
 * @returns {Promise<object>} the demo's JSON
 * @throws {Error} when the photo cannot be used or the page shows an error
 */
async function readPhotoOnHost(request, workspace, report) {
  const startedAt = performance.now();
  const photo = checkPhoto(path.resolve(request.image));
  const relay = await startDemoRelay(workspace);
  report.step(`Relay started on ${relay.url}`);

  const { out, changed, created } = inject(request.channels, relay.url, workspace);
  report.step(`Project copied, runtime injected: ${[...created, ...changed].join(', ')}`);

  const host = startHost(request, photo, relay.login, workspace);
  const relayed = watchUploadFile(host.wx, report.meter);
  host.boot(out);
  const { members } = host.run("return require('./servicemarket-compat.js').install()");
  report.step(`Base library ${request.lib} on ${request.platform}: ${describeMembers(members)}`);

  report.step(`Photo chosen: ${photo.file}, ${photo.width} x ${photo.height} pixels, ${photo.bytes} bytes`);
  const { text, requestId } = await chooseAndWait(host);
  const uploads = [...relayed, ...uploadsToCdn(host)];
  return {
    baseLibrary: host.profile.sdkVersion,
    platform: request.platform,
    installed: { members: { ...members } },
    ...channelsSeen(host, uploads, relay.url),
    uploads,
    text,
    requestId,
    bills: host.market.bills,
    ms: performance.now() - startedAt,
  };
}

function describeMembers(members) {
  return Object.entries(members)
    .map(([name, state]) => `${name} ${state}`)
    .join(', ');
}

module.exports = { readPhotoOnHost };
