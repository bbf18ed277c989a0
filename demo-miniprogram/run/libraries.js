'use strict';

const { PROFILES } = require('miniprogram-servicemarket/simulator');

/** A host that is up to date in everything but the service market. */
const WITHOUT = 'newest-without-serviceMarket';

/** What `--lib` takes. */
const LIBRARIES = [...PROFILES.map(({ row }) => row), WITHOUT];

/** The simulator's row for it. */
function rowOf(lib) {
  return lib === WITHOUT ? 'newest' : lib;
}

/** Whether the base library runs plugins. */
function hasPlugins(lib) {
  return PROFILES.find(({ row }) => row === rowOf(lib)).plugins;
}

/**
 * Whether pages may upload to the platform's CDN themselves: base libraries that have the member refuse it without a
 * grant of the client, which this phone gives to show it.
 */
function uploadOf(lib) {
  return lib === WITHOUT ? 'allowed' : undefined;
}

/** Takes away what the phone shall not have. @param {object} wx - of a host that has not started its app yet */
function strip(lib, wx) {
  if (lib === WITHOUT) delete wx.serviceMarket;
}

module.exports = { LIBRARIES, hasPlugins, rowOf, strip, uploadOf };
