'use strict';

const path = require('node:path');
const { startRelay, wxCodeAuthenticator } = require('miniprogram-servicemarket/relay');

/**
 * Starts a relay on this machine that takes the phone's users by their login codes and calls the platform for them.
 *
 * @param {{openApi: object, services: object}} platform
 * @param {{folder: string, defer(undo: () => unknown): void}} workspace
 * @returns {Promise<{url: string}>}
 */
async function startDemoRelay({ openApi, services }, workspace) {
  const relay = await startRelay({
    authenticate: wxCodeAuthenticator({ openApi }),
    openApi,
    services,
    folder: path.join(workspace.folder, 'relay'),
    port: 0,
    logger: false,
  });
  workspace.defer(() => relay.close());
  return relay;
}

module.exports = { startDemoRelay };
