import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudBackend } from '../cloud/backend';
import { MarketServer } from '../market/market';
import { INVOKE_API } from '../market/types';
import { bytesOfText, omit, randomWord } from '../text';
import type { Any, Host } from '../types';
import { runAction } from './actions';
import { Documents } from './documents';
import { decodeArguments, encodeAnswer, formParts } from './encodings';
import { CloudError } from './types';
import type { CloudServer, CloudServerOptions } from './types';

const OPEN_INTERFACE = 'wx.openApi';

interface Answer {
  type: string;
  bytes: Uint8Array;
  code?: string;
}

/**
 * The cloud as the real `wx-server-sdk` of a cloud function sees it: database, storage, and the service market as
 * an open interface. Files and market are the host's.
 *
 * @param host - must have the real clock, because the SDK works in real time
 */
export async function createCloudServer(host: Host, options: CloudServerOptions = {}): Promise<CloudServer> {
  const { market, cloud } = host;
  if (!(market instanceof MarketServer) || !(cloud instanceof CloudBackend)) {
    throw new Error(
      'Failed to create a cloud server: the host was not made by createHost. Give such a host.',
    );
  }
  const documents = new Documents(options.collections ?? []);
  const permissions = options.permissions ?? ['serviceMarket.invokeService'];
  const requests: CloudServer['requests'] = [];

  async function answer(incoming: IncomingMessage): Promise<Answer> {
    const body = await bodyOf(incoming);
    const type = incoming.headers['content-type'] ?? '';
    const isForm = type.startsWith('multipart/form-data');
    const parts = isForm ? formParts(body, type) : new Map<string, Buffer>();
    const params = isForm ? { apiName: String(parts.get('apiName')) } : (JSON.parse(body.toString()) as Any);
    const action = isForm ? String(parts.get('action')) : String(params.action);
    const record: CloudServer['requests'][number] = { at: host.clock.now(), action, params };
    requests.push(record);
    if (action === OPEN_INTERFACE) {
      const args = decodeArguments(parts.get('requestData') ?? Buffer.alloc(0));
      record.params = { ...params, args };
      const reply = await callOpenInterface(
        market as MarketServer,
        cloudAppid(),
        permissions,
        params.apiName as string,
        args,
      );
      return {
        type: 'application/octet-stream',
        bytes: encodeAnswer(bytesOfText(JSON.stringify(reply)), 'application/json'),
      };
    }
    try {
      const data = runAction({ documents, cloud: cloud as CloudBackend }, params);
      return json({ data, requestId: randomWord() });
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      record.code = error.code;
      return json({ code: error.code, message: error.message, requestId: randomWord() });
    }
  }

  const cloudAppid = (): string => (cloud as CloudBackend).appid;

  const server = http.createServer((incoming, outgoing) => {
    answer(incoming).then(
      ({ type, bytes }) => outgoing.writeHead(200, { 'content-type': type }).end(bytes),
      (error) => outgoing.writeHead(500).end(String(error)),
    );
  });
  // Else a client that comes late may meet a connection that is just being closed, as if its request were lost.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin,
    requests,
    documents: (collection) => documents.all(collection),
    variables: (openid, env = (cloud as CloudBackend).envs[0] as string) => ({
      TCB_CONTEXT_CNFG: JSON.stringify({ URL: `${origin}/admin` }),
      TENCENTCLOUD_RUNENV: 'SCF',
      TENCENTCLOUD_REGION: 'ap-shanghai',
      TENCENTCLOUD_SECRETID: 'simulator',
      TENCENTCLOUD_SECRETKEY: 'simulator',
      SCF_NAMESPACE: env,
      TCB_ENV: env,
      WX_CONTEXT_KEYS: 'WX_OPENID,WX_APPID',
      WX_OPENID: openid,
      WX_APPID: cloudAppid(),
    }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function json(value: object): Answer {
  return { type: 'application/json; charset=utf-8', bytes: bytesOfText(JSON.stringify(value)) };
}

/** The platform's code for a function that lacks the permission in its config.json. */
const NO_PERMISSION = -604101;

/**
 * An open interface as a cloud function calls it. Only the service market is implemented; it accepts the same
 * arguments as over HTTPS (protocol 11).
 *
 * @param permissions - `permissions.openapi` of the function's config.json
 */
async function callOpenInterface(
  market: MarketServer,
  appid: string,
  permissions: string[],
  name: string,
  args: Record<string, unknown>,
): Promise<object> {
  if (!permissions.includes(name)) {
    return { errcode: NO_PERMISSION, errmsg: `function has no permission to call this API ${name}` };
  }
  if (name !== 'serviceMarket.invokeService')
    return { errcode: -1, errmsg: `${name} is not implemented here` };
  const { service, api, data, client_msg_id: id } = args;
  if (!service || !api || !id) return { errcode: -1, errmsg: 'service, api or client_msg_id missing' };
  const request = {
    service_id: service,
    api_name: api,
    data: typeof data === 'string' || data === undefined ? data : JSON.stringify(data),
    client_msg_id: id,
    version: 1,
  };
  const body = await market.handle({ channel: 'cloud', appid }, INVOKE_API, request);
  return omit(JSON.parse(body) as Any, 'request_id') as object;
}
