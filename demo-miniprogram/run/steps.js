'use strict';

const { performance } = require('node:perf_hooks');
const { createProviders } = require('../provider');
const { chooseAndWait } = require('./page');
const { createPictures, startPhone } = require('./phone');
const { checkPhoto } = require('./photo');
const { startPlatform } = require('./platform');
const { makeProjects } = require('./projects');
const { startDemoRelay } = require('./relay');
const { text } = require('./texts');

/** The services, the platform's server in front of them, and a relay in front of that. */
async function startServers(workspace) {
  const pictures = createPictures();
  const { providers, close } = createProviders({ fetchPicture: pictures.fetch });
  workspace.defer(close);
  const platform = await startPlatform(providers, workspace);
  const relay = await startDemoRelay(platform, workspace);
  return { pictures, providers, platform, relay };
}

/** Who carried the call, and who the photo: read off the traffic. */
function channelsSeen({ host, isCloud }, platform, [upload], relayUrl) {
  const [direct] = host.market.messages;
  const overServer = host.cloud.invocations.length > 0 ? 'cloud' : 'relay';
  const callChannel = direct?.channel ?? (platform.market.messages.length > 0 ? overServer : undefined);
  const overRelay = upload?.url.startsWith(relayUrl) && 'relay';
  const overCloud = upload && isCloud(upload.url) && 'cloud';
  return { callChannel, uploadChannel: upload && (overRelay || overCloud || callChannel) };
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
 * @param {{image: string, lib: string, platform: string, channel?: string, channels: string[], plugin: boolean}} request
 * @param {{folder: string, defer(undo: () => unknown): void}} workspace
 * @param {{step(text: string): void, meter: object}} report
 * @returns {Promise<object>} the demo's JSON; times in ms
 * @throws {Error} when the photo cannot be used or the page shows an error
 */
async function readPhotoOnHost(request, workspace, report) {
  const startedAt = performance.now();
  const photo = checkPhoto(request.image);
  const { pictures, providers, platform, relay } = await startServers(workspace);
  report.step(text('relayStarted', { url: relay.url }));

  const { out, files, plugins } = makeProjects(request, relay.url, workspace);
  report.step(text('injected', { files: files.join(', ') }));

  const parts = { photo: photo.file, plugins, providers, platform, pictures, meter: report.meter };
  const phone = startPhone(request, parts, workspace);
  const { host } = phone;
  host.boot(out);
  const { SDKVersion: baseLibrary, platform: kind } = host.wx.getSystemInfoSync();
  const { members } = host.run("return require('./servicemarket-compat.js').install()");
  report.step(
    text('baseLibrary', { version: baseLibrary, platform: kind, members: describeMembers(members) }),
  );

  report.step(text('photoChosen', photo));
  const { text: words, requestId } = await chooseAndWait(host);
  const uploads = phone.uploads();
  const seen = channelsSeen(phone, platform, uploads, relay.url);
  if (request.channel && seen.callChannel === 'native') {
    report.step(text('channelIgnored', { channel: request.channel, version: baseLibrary }));
  }
  return {
    baseLibrary,
    platform: kind,
    installed: { members: { ...members } },
    ...seen,
    uploads: uploads.map(({ url, ms }) => ({ bytes: pictures.fetched.get(url), url, ms })),
    text: words,
    requestId,
    bills: [...host.market.bills, ...platform.market.bills],
    ms: performance.now() - startedAt,
  };
}

module.exports = { readPhotoOnHost };
