'use strict';

const { randomBytes } = require('node:crypto');
const { createOpenApi } = require('miniprogram-servicemarket/openapi');
const { createPlatformServer } = require('miniprogram-servicemarket/simulator');

/**
 * Starts the platform's server on this machine, for a relay or a cloud function to call.
 *
 * @param {Record<string, (data: any) => any>} providers - the services, by `service/api`
 * @param {{defer(undo: () => unknown): void}} workspace
 * @returns {Promise<{market: object, openApi: object, services: Record<string, string[]>, login(): string}>}
 *   `services` lists the pairs as a relay or function wants them; `login` gives the codes of `wx.login`
 */
async function startPlatform(providers, workspace) {
  const account = { appid: 'wxdemo0000000000', secret: randomBytes(16).toString('hex') };
  const platform = await createPlatformServer({ ...account, providers });
  workspace.defer(() => platform.close());
  const services = {};
  for (const key of Object.keys(providers)) {
    const [service, api] = key.split('/');
    services[service] = [...(services[service] ?? []), api];
  }
  return {
    market: platform.market,
    openApi: createOpenApi({ ...account, baseUrl: platform.origin }),
    services,
    login: () => platform.issueCode('demo-user'),
  };
}

module.exports = { startPlatform };
