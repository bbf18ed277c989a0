'use strict';

/**
 * Calls the service market for pages whose channel is "cloud". What may be called stands in settings.json.
 * Before the first use, make the collections servicemarket_calls and servicemarket_limits in the cloud
 * database, with the permission "nobody but functions".
 */
const { env } = require('process');
const cloud = require('wx-server-sdk');
const { createHandler } = require('./handler');
const settings = require('./settings.json');

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });

exports.main = createHandler(cloud, settings, env);
