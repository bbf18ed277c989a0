import log from 'node:console';
import { RelayError } from '../../invocation';
import { isTaskResult, type PushMessage } from '../../openapi/push/push-reader';
import type { RelayReply } from '../../protocol';
import { Calls, type FunctionSettings } from '../shared/calls';
import { replyOf } from '../shared/reply-of';
import { readSecrets } from '../shared/secrets';
import { readSecurity } from '../shared/security';
import { type CloudSdk, createDatabase } from './cloud-sdk';
import { createFunctionMarket } from './market';

type Event = Record<string, unknown>;

/**
 * @param folder - of the function, for the files that its settings name
 * @returns the cloud function: it accepts a CloudEvent and returns a RelayReply; for its timer, what was swept; for a
 *   push of the platform, `success`
 */
export function createHandler(
  cloud: CloudSdk,
  settings: FunctionSettings,
  env: NodeJS.ProcessEnv,
  folder: string,
): (event: Event) => Promise<RelayReply | { removed: number } | 'success'> {
  const secrets = readSecrets(env);
  const security = readSecurity(settings.security, secrets, folder);
  const market = createFunctionMarket(cloud, secrets, security, env.WX_API_URL);
  const calls = new Calls({
    database: createDatabase(cloud),
    market,
    settings,
    deleteFile: (fileId) => cloud.deleteFile({ fileList: [fileId] }),
    // Into the log of the cloud.
    log: (message, error) => log.error(message, error),
  });

  return async function main(event) {
    const { OPENID: openid } = cloud.getWXContext();
    // A timer has no user; a user who says to be a timer is none.
    if (!openid && event.Type === 'Timer') return { removed: await calls.sweep() };
    if (settings.push && event.action === undefined && isTaskResult(event as PushMessage)) {
      // Nothing proves that the platform has sent it, and a user can send the same: so the platform is asked.
      await calls.results.ask(event.RequestID as string);
      return 'success';
    }
    try {
      return await answer(openid, event);
    } catch (error) {
      if (!(error instanceof RelayError)) throw error;
      if (error.cause) log.error(error.cause);
      return replyOf(error);
    }
  };

  async function answer(openid: string | undefined, event: Event): Promise<RelayReply> {
    if (!openid) throw new RelayError(401, 'Failed to know the caller: it is no user of this app.');
    if (event.action === 'retrieve') return calls.retrieve(openid, event);
    if (event.action !== 'invoke') {
      throw new RelayError(400, 'Failed to read the event: "action" must be invoke or retrieve.');
    }
    if (event.async === true && !market.hasSecret) {
      throw new RelayError(
        400,
        'Failed to call the service: long tasks need WX_APPID and WX_SECRET in the environment of this function.',
      );
    }
    return calls.invoke(openid, event, { parse: (json) => parseWithOpenData(json, event) });
  }
}

/** The page's data, with the open data that the platform has put beside it. */
function parseWithOpenData(json: string, event: Event): unknown {
  return JSON.parse(json, (_key, value) => {
    const field = value && typeof value.cloudID === 'string' && `cloudID:${value.cloudID}`;
    return field && Object.prototype.hasOwnProperty.call(event, field) ? event[field] : value;
  });
}
