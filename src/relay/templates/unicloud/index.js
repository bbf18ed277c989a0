'use strict';

/* global uniCloud -- the cloud's own, in every function */

/**
 * The relay as a function with a URL, which is the app's "relay.url". What may be called stands in
 * settings.json; the secret comes with vk-unicloud, from the environment, or from uni-config-center.
 */
const { env } = require('process');
const { findAccount } = require('./account');
const { createRelay } = require('./relay');
const settings = require('./settings.json');

/** @returns a common module of the project, or undefined where this function does not depend on it */
function loadModule(name) {
  try {
    return require(name);
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND' && error.message.includes(`'${name}'`)) return undefined;
    throw error;
  }
}

const framework = loadModule('vk-unicloud');
const vk = framework && framework.createInstance({ baseDir: __dirname, requireFn: require });

exports.main = createRelay(uniCloud, settings, findAccount(env, vk, loadModule('uni-config-center')));
