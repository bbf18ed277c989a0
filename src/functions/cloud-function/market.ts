import type { Market, Sent } from '../../invocation';
import { INVALID_TOKEN } from '../../openapi/read-json';
import type { RelayReply, ServiceMarketCall } from '../../protocol';
import { createHttpsMarket, createTokens } from '../shared/https-market';
import type { Secrets } from '../shared/secrets';
import type { Security } from '../shared/security';
import type { CloudSdk } from './cloud-sdk';

/** Codes of the cloud itself, not of the service market; they do not say what became of the call … */
const MAX_CLOUD_CODE = -400000;
/** … except: no such call, and no permission for it. Nor is a call carried out whose token was refused. */
const UNSENT: unknown[] = [-604100, -604101, ...INVALID_TOKEN];
/** Put before the platform's own words by the SDK. */
const SDK_PREFIX = /^[\w.]+:fail /;

export interface FunctionMarket extends Market {
  /** Whether long tasks can be called. */
  hasSecret: boolean;
}

/**
 * The service market: by cloud call, which needs no secret; long tasks by HTTPS, because asking for their result has
 * no cloud call.
 *
 * @param security - of calls by HTTPS; a cloud call is the cloud's own to protect
 * @param baseUrl - of the platform's server, for tests
 */
export function createFunctionMarket(
  cloud: CloudSdk,
  { appid = '', secret = '' }: Secrets,
  security: Security | undefined,
  baseUrl: string | undefined,
): FunctionMarket {
  const byHttps = createHttpsMarket(createTokens({ appid, secret }, baseUrl), baseUrl, security);
  return {
    hasSecret: appid !== '' && secret !== '',
    invoke: (call) => (call.async ? byHttps.invoke(call) : invokeByCloud(cloud, call)),
    retrieve: byHttps.retrieve,
  };
}

async function invokeByCloud(cloud: CloudSdk, call: ServiceMarketCall): Promise<Sent> {
  try {
    // Keys stay as the page wrote them, as over HTTPS.
    const result = await cloud.openapi({ convertCase: false }).serviceMarket.invokeService(call);
    if (typeof result !== 'object' || result === null || Array.isArray(result)) {
      return {
        kind: 'lost',
        cause: new Error('Failed to call the service market: the answer is no object.'),
      };
    }
    const reply: RelayReply & { errCode?: unknown; errMsg?: unknown } = {
      ...result,
      errcode: 0,
      errmsg: 'ok',
    };
    // The SDK's own spelling.
    delete reply.errCode;
    delete reply.errMsg;
    return { kind: 'answer', reply };
  } catch (error) {
    return describeFailure(error);
  }
}

function describeFailure(error: unknown): Sent {
  const { errCode: code, errMsg, message } = Object(error) as Record<string, unknown>;
  const text = String(errMsg || message).replace(SDK_PREFIX, '');
  const cause = new Error(`Failed to call the service market: ${text}`);
  if (UNSENT.includes(code)) return { kind: 'unsent', cause };
  if (typeof code !== 'number' || code <= MAX_CLOUD_CODE) return { kind: 'lost', cause };
  return { kind: 'answer', reply: { errcode: code, errmsg: text } };
}
