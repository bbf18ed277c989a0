'use strict';

const { randomUUID } = require('node:crypto');
const path = require('node:path');
const { startRelay } = require('miniprogram-servicemarket/relay');

/**
 * Starts a relay on this machine that takes the phone's users: like the platform, it knows a user by a login code
 * that works once.
 *
 * @param {{folder: string, defer(undo: () => unknown): void}} workspace
 * @returns {Promise<{url: string, login(): string}>} `login` gives the codes of `wx.login`
 */
async function startDemoRelay(workspace) {
  const codes = new Set();
  const relay = await startRelay({
    authenticate: ({ type, value }) => (type === 'wx' && codes.delete(value) ? 'demo-user' : undefined),
    folder: path.join(workspace.folder, 'relay'),
    port: 0,
    logger: false,
  });
  workspace.defer(() => relay.close());
  const login = () => {
    const code = randomUUID();
    codes.add(code);
    return code;
  };
  return { url: relay.url, login };
}

module.exports = { startDemoRelay };
