/**
 * Calls the service market for pages whose channel is "cloud". The owner lists what may be called in settings.json.
 * Before the first use, make the collections servicemarket_calls and servicemarket_limits in the cloud database, with
 * the permission "nobody but functions".
 */
import { env } from 'node:process';
import cloud from 'wx-server-sdk';
import { createHandler } from './handler';
import settings from './settings.json';

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });

export const main = createHandler(cloud, settings, env, __dirname);
