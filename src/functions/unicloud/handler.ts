import { randomUUID } from 'node:crypto';
import { networkOf, RelayError, requireIntendedBytes, storeFailed } from '../../invocation';
import { Calls, type FunctionSettings } from '../shared/calls';
import { createHttpsMarket } from '../shared/https-market';
import type { PushReader } from '../../openapi/push/push-reader';
import { replyOf } from '../shared/reply-of';
import type { Security } from '../shared/security';
import type { PlatformAccount } from './account';
import { replaceUploads, StorageFiles } from './files';
import {
  type ComposedResponse,
  composeResponse,
  type Context,
  type HttpEvent,
  readJsonBody,
  readRequest,
  type Request,
} from './http';
import { createPushRoutes } from './push';
import { DatabaseSessions } from './sessions';
import { createDatabase, type UniCloud } from './unicloud';
import { readUpload } from './upload';

/** The content of settings.json, which is the owner's. */
export interface UnicloudSettings extends FunctionSettings {
  /** Bytes. @default 20971520 */
  maxFileSize?: number;
}

/** Answers a request of a user; those of OPEN have none. */
type Route = (request: Request, user: string) => Promise<object | string | undefined>;

/** Routes that need no session. */
const OPEN = ['GET healthz', 'POST session', 'GET push', 'POST push'];
const CALL_FIELDS = ['service', 'api', 'data', 'client_msg_id', 'async'];
const MAX_FILE_SIZE = 20_971_520;
const MAX_CREDENTIAL_LENGTH = 8192;

export interface HandlerOptions {
  cloud: UniCloud;
  settings: UnicloudSettings;
  /** Without any, every request is refused. */
  account?: PlatformAccount;
  /** Of calls that are encrypted. @default they go in plain */
  security?: Security;
  /** Reads what the platform pushes. @default there is no path for it */
  pushReader?: PushReader;
  /** Of the platform's server, for tests. */
  baseUrl?: string;
}

/**
 * The HTTPS relay as a function with a URL: the same paths, answers and refusals.
 *
 * @returns `main` of the function
 */
export function createHandler({
  cloud,
  settings,
  account,
  security,
  pushReader,
  baseUrl,
}: HandlerOptions): (event: HttpEvent, context: Context) => Promise<ComposedResponse | undefined> {
  const database = createDatabase(cloud);
  const sessions = new DatabaseSessions(database);
  const files = new StorageFiles(cloud, database);
  const tokens = account?.tokens ?? { get: noAccount, renew: noAccount };
  const market = createHttpsMarket(tokens, baseUrl, security);
  const log = (...words: unknown[]): void => cloud.logger.error(...words);
  const calls = new Calls({ database, market, settings, log });

  const routes: Record<string, Record<string, Route>> = {
    healthz: { GET: checkHealth },
    session: { POST: openSession, DELETE: closeSession },
    files: { POST: storeFile },
    invoke: { POST: invoke },
    retrieve: { POST: retrieve },
    ...(pushReader && { push: createPushRoutes(pushReader, calls.results) }),
  };

  return async function main(event, context) {
    if (context.SOURCE === 'timing') {
      await sessions.sweep();
      await calls.sweep();
      await files.sweep();
      return undefined;
    }
    // By callFunction a client could give itself any address.
    if (context.SOURCE !== 'http') {
      throw new Error('Failed to answer: this function is called by its URL only.');
    }
    return respond(readRequest(event, context));
  };

  async function respond(request: Request): Promise<ComposedResponse> {
    const requestId = randomUUID();
    const headers: Record<string, string> = { 'x-request-id': requestId };
    try {
      return composeResponse(200, await answer(request, headers), headers);
    } catch (cause) {
      const error = cause instanceof RelayError ? cause : unexpected(request, cause);
      if (error.cause) cloud.logger.error(requestId, (error.cause as Error).stack);
      if (error.statusCode === 401) headers['www-authenticate'] = 'Bearer';
      if (error.details.retryAfter) headers['retry-after'] = String(error.details.retryAfter);
      return composeResponse(error.statusCode, { ...replyOf(error), request_id: requestId }, headers);
    }
  }

  async function answer(
    request: Request,
    headers: Record<string, string>,
  ): Promise<object | string | undefined> {
    const { path, method, token } = request;
    const methods = ownOf(routes, path);
    if (!methods) throw new RelayError(404, 'Failed to answer: there is no such path.');
    const route = ownOf(methods, method);
    if (!route) {
      headers.allow = Object.keys(methods).join(', ');
      throw new RelayError(405, `Failed to answer: this path takes ${headers.allow} only.`);
    }
    if (!account) {
      const fix = 'Its owner has to give it appid and secret';
      throw new RelayError(503, `Failed to answer: this relay has no account. ${fix}.`, { billing: 'none' });
    }
    if (OPEN.includes(`${method} ${path}`)) return route(request, '');
    const user = token && (await findUser(token));
    if (user) return route(request, user);
    throw new RelayError(401, 'Failed to accept the request: no valid session. Get one by POST /session.');
  }

  async function findUser(token: string): Promise<string | undefined> {
    try {
      return await sessions.find(token);
    } catch (cause) {
      throw storeFailed(cause, 'none');
    }
  }

  async function checkHealth(): Promise<object> {
    try {
      await calls.check();
    } catch (error) {
      cloud.logger.warn((error as Error).message);
      const text = 'Failed to reach the database. The log names the cause.';
      throw new RelayError(503, text, { billing: 'none' });
    }
    return { status: 'ok' };
  }

  async function openSession(request: Request): Promise<object> {
    await calls.limiter.take('sessions', networkOf(request.address));
    const { type, value } = Object(readJsonBody(request, ['credential']).credential) as Record<
      string,
      unknown
    >;
    const isValid = typeof type === 'string' && typeof value === 'string';
    if (!isValid || value.length < 1 || value.length > MAX_CREDENTIAL_LENGTH) {
      throw new RelayError(400, 'Failed to read the request: "credential" has to be {type, value}.');
    }
    const openid = type === 'wx' ? await identify(value) : undefined;
    if (openid) return sessions.create(openid);
    throw new RelayError(401, 'Failed to open a session: the credential was refused. Get a fresh one.');
  }

  async function identify(code: string): Promise<string | undefined> {
    try {
      return await account?.getOpenid(code);
    } catch (error) {
      cloud.logger.warn((error as Error).message);
      throw new RelayError(502, 'Failed to check the credential. Try again later.', { billing: 'none' });
    }
  }

  async function closeSession({ token }: Request): Promise<undefined> {
    await sessions.revoke(token as string);
  }

  async function storeFile(request: Request, user: string): Promise<object> {
    const upload = readUpload(request);
    const size = upload.bytes.length;
    const { maxFileSize = MAX_FILE_SIZE } = settings;
    if (size > maxFileSize) {
      const cause = `it is larger than ${maxFileSize} bytes. Send a smaller one`;
      throw new RelayError(413, `Failed to store the file: ${cause}.`);
    }
    requireIntendedBytes(size, upload.intended);
    await calls.limiter.take('files', user);
    await calls.limiter.take('bytes', user, Math.max(size, 1));
    return files.store(upload);
  }

  async function invoke(request: Request, user: string): Promise<object> {
    const call = readJsonBody(request, CALL_FIELDS);
    if (call.async !== undefined && typeof call.async !== 'boolean') {
      throw new RelayError(400, 'Failed to read the request: "async" has to be true or false.');
    }
    return calls.invoke(user, call, { replaceUploads });
  }

  async function retrieve(request: Request, user: string): Promise<object> {
    const question = readJsonBody(request, ['request_id', 'wait_ms']);
    const { wait_ms: ms = 0 } = question;
    if (typeof ms === 'number' && ms >= 0) return calls.retrieve(user, question);
    throw new RelayError(400, 'Failed to read the request: "wait_ms" has to be a number from 0 on.');
  }
}

function noAccount(): Promise<never> {
  return Promise.reject(new Error('Failed to call the platform: there is no account.'));
}

function ownOf<T>(object: Record<string, T>, name: string): T | undefined {
  return Object.prototype.hasOwnProperty.call(object, name) ? object[name] : undefined;
}

/** Calls alone are billed: of any other path no failure can be. */
function unexpected({ path }: Request, cause: unknown): RelayError {
  const text = 'Failed to answer: an error inside the relay. Its log names this request id.';
  return new RelayError(500, text, { billing: path === 'invoke' ? 'unknown' : 'none', cause });
}
