'use strict';

const path = require('node:path');
const { createCloudSdk } = require('./cloud-sdk');
const { CLOUD } = require('./setups');

/** The function as the package ships it for owners to upload. */
const FUNCTION = path.join(
  path.dirname(require.resolve('miniprogram-servicemarket/package.json')),
  'dist/templates/cloud-function/handler.js',
);

/**
 * Puts the cloud function into the phone's cloud.
 *
 * @param {object} host
 * @param {{openApi: object, services: object}} platform
 */
function deployFunction(host, platform) {
  const { createHandler } = require(FUNCTION);
  const { sdk, run } = createCloudSdk(platform, (fileID) => host.cloud.remove(fileID));
  const main = createHandler(sdk, { services: platform.services, callsPerHour: 600 }, {});
  host.cloud.define(CLOUD.function, (event, { OPENID }) => run(OPENID, () => main(event)));
}

module.exports = { deployFunction };
