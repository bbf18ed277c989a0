import type { RelayInvokeRequest, ServiceMarketCall } from '../protocol';
import { digest } from './digest';
import { isDeeperThan } from './json-scan';
import { RelayError } from './relay-error';

/** One call: whose it is, under which id, and what is sent for it. */
export interface Invocation {
  userId: string;
  /** `client_msg_id`, the same on every repeat. */
  id: string;
  /** Of what the call asks for (call-hash.ts). */
  hash: string;
  call: ServiceMarketCall;
  /** File IDs that the call needs until it is over, for stores that keep them. */
  files?: readonly string[];
}

/** Interfaces that may be called, per service. Nothing else is. */
export type Services = Readonly<Record<string, readonly string[]>>;

/** What a server lets its users call, and how it reads the data. */
export interface CallRules {
  services: Services;
  /** Of the refusal of a pair that is not listed. @default `this relay does not allow it. …` */
  notListed?: string;
  /**
   * Puts the digest of an upload in place of its URL, in the JSON string of the data: a page that repeats a call
   * uploads the same content again, and so sends other URLs. @default the string as it is
   */
  replaceUploads?: (json: string) => string;
  /** Reads the JSON string of the data. @default JSON.parse */
  parse?: (json: string) => unknown;
  /** Who pays. @default the account that calls */
  consume?: { type: number; appid: string };
  /** What tells the user from all others, also from those of other apps. @default the user's id */
  owner?: string;
}

/**
 * Levels of lists and objects that data may have. From some thousands on the engine reads it, but cannot write it
 * again for the platform.
 */
const MAX_DEPTH = 1000;

/**
 * Makes of a page's request what the invoker carries out.
 *
 * @param request - its fields have the types of the contract
 * @throws RelayError 403 for a pair that is not listed, 400 for data that cannot be read
 */
export function prepareInvocation(userId: string, request: RelayInvokeRequest, rules: CallRules): Invocation {
  const { service, api, client_msg_id: id, async } = request;
  const { services, notListed, replaceUploads = String, parse = JSON.parse, consume, owner = userId } = rules;
  requireListed(services, service, api, notListed);

  // The data comes as a JSON string; a value that is no string stands for itself.
  const json = toJson(request.data);
  const data = json === undefined ? undefined : readData(json, parse);
  // One hash of what is asked for: a repeat has the same, and the same id with another hash is refused.
  const asked = json === undefined ? null : replaceUploads(json);
  const hash = digest(JSON.stringify([service, api, async === true, asked]));

  return {
    userId,
    id,
    hash,
    call: {
      service,
      api,
      // The platform reads a string as JSON, so a value that is a string goes as its JSON.
      ...(json !== undefined && { data: typeof data === 'string' ? JSON.stringify(data) : data }),
      // Of this user alone: the platform may know repeats by the id, and another user may have the same.
      client_msg_id: `${id}_${digest(owner).slice(0, 16)}`,
      ...(async && { async: true }),
      ...(consume && { consume_type: consume.type, consume_appid: consume.appid }),
    },
  };
}

function requireListed(
  services: Services,
  service: string,
  api: string,
  notListed = 'this relay does not allow it. Its owner can list the pair under "services"',
): void {
  const apis = Object.prototype.hasOwnProperty.call(services, service) ? services[service] : undefined;
  if (Array.isArray(apis) && apis.includes(api)) return;
  throw new RelayError(403, `Failed to call ${service} / ${api}: ${notListed}.`);
}

function toJson(data: unknown): string | undefined {
  if (data === undefined || typeof data === 'string') return data;
  try {
    return JSON.stringify(data);
  } catch {
    throw tooDeep();
  }
}

function readData(json: string, parse: (json: string) => unknown): unknown {
  if (isDeeperThan(json, MAX_DEPTH)) throw tooDeep();
  try {
    return parse(json);
  } catch {
    throw new RelayError(400, 'Failed to read the call: "data" is a text that is no JSON.');
  }
}

function tooDeep(): RelayError {
  return new RelayError(400, `Failed to read the call: "data" is nested deeper than ${MAX_DEPTH} levels.`);
}
