'use strict';

/**
 * The channels that the project is configured with, by the one that shall carry the call; null where a part is
 * still to come. Below base library 2.30.3 the bridge uploads nothing for pages, hence the relay beside it.
 */
const SETUPS = {
  bridge: ['bridge', 'relay'],
  relay: null,
  cloud: null,
};

module.exports = { SETUPS };
