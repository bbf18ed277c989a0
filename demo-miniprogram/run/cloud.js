'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');
const { compileFunction } = require('node:vm');
const { createCloudSdk } = require('./cloud-sdk');
const { CLOUD } = require('./setups');

/** The function as the package ships it for owners to upload. */
const FUNCTION = path.join(
  path.dirname(require.resolve('miniprogram-servicemarket/package.json')),
  'dist/templates/cloud-function/index.js',
);

/**
 * Puts the cloud function into the phone's cloud.
 *
 * @param {object} host
 * @param {{openApi: object, services: object}} platform
 */
function deployFunction(host, platform) {
  const { sdk, run } = createCloudSdk(platform, (fileID) => host.cloud.remove(fileID));
  const { main } = loadFunction(sdk, { services: platform.services, callsPerHour: 600 });
  host.cloud.define(CLOUD.function, (event, { OPENID }) => run(OPENID, () => main(event)));
}

/** Runs the function's script with the cloud's package and the owner's settings. */
function loadFunction(sdk, settings) {
  const own = { 'wx-server-sdk': sdk, './settings.json': settings };
  const exported = {};
  const parameters = ['require', 'exports', '__dirname'];
  compileFunction(readFileSync(FUNCTION, 'utf8'), parameters, { filename: FUNCTION })(
    (name) => own[name] ?? require(name),
    exported,
    path.dirname(FUNCTION),
  );
  return exported;
}

module.exports = { deployFunction };
