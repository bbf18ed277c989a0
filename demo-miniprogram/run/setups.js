'use strict';

/** The function that carries calls over the cloud, and the environment that it runs in. */
const CLOUD = { env: 'env-1', function: 'servicemarket' };

/**
 * The channels that the project is configured with, by the one that shall carry the call. Below base library
 * 2.9.4 the bridge uploads nothing for pages, hence the relay beside it; from there on the platform's own code calls
 * and uploads.
 */
const SETUPS = {
  bridge: ['bridge', 'relay'],
  relay: ['relay'],
  cloud: ['cloud'],
};

module.exports = { CLOUD, SETUPS };
