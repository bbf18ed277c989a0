/** The server of the guide for service providers, as it stands there, over a simulated platform. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import * as openapi from '../../src/openapi';
import * as relayZone from '../../src/relay';
import { createPlatformServer } from '../../src/simulator';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import type { Any } from '../support/outcomes';
import { samplesOf } from '../support/samples';
import { until } from '../support/until';

const DOCUMENTS = ['docs/en/service-providers.md', 'docs/zh/service-providers.md'];
const [ONE, OTHER] = ['wx0123456789abcdef', 'wxfedcba9876543210'];
const [SERVICE, CHECK] = ['wx79ac3de8be320b71', 'wxee446d7507c68b11'];
const KEYS = { token: 'AAAAA', encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
const PLATFORM = { appid: 'wxcomponent', secret: 'component-secret' };
const ENV = {
  WX_COMPONENT_APPID: PLATFORM.appid,
  WX_COMPONENT_SECRET: PLATFORM.secret,
  WX_COMPONENT_TOKEN: KEYS.token,
  WX_COMPONENT_AES_KEY: KEYS.encodingAESKey,
  WX_COMPONENT_KEYS: Buffer.alloc(32, 1).toString('base64'),
};

function serverOf(document: string): string {
  const sample = samplesOf(document).find(({ code }) => code.startsWith('// server.mjs\n'));
  return (sample as { code: string }).code;
}

/** Runs the server with ports, folders and a platform of this test's. */
async function run(document: string) {
  const component = { ...PLATFORM } as Any;
  const platform = await createPlatformServer({ appid: 'wxown', secret: 'own-secret', component });
  cleanUpAfterTest(() => platform.close());
  const root = temporaryFolder();
  const log: string[] = [];
  const given = {
    process: { env: ENV },
    console: { log: (line: string) => log.push(line), error: (line: string) => log.push(line) },
    createServer: (listener: Any) => {
      const server = createServer(listener);
      cleanUpAfterTest(() => new Promise((resolve) => server.close(resolve)));
      const listen: Any = server.listen.bind(server);
      return Object.assign(server, { listen: () => listen(0, '127.0.0.1') });
    },
    createComponent: (options: Any) => openapi.createComponent({ ...options, baseUrl: platform.origin }),
    createOpenApi: (options: Any) => openapi.createOpenApi({ ...options, baseUrl: platform.origin }),
    createPushReader: openapi.createPushReader,
    FolderComponentStore: class extends relayZone.FolderComponentStore {
      constructor(folder: string) {
        super(join(root, folder));
      }
    },
    startRelay: async ({ folder, ...options }: Any) => {
      const relay = await relayZone.startRelay({
        ...options,
        folder: join(root, folder),
        port: 0,
        logger: false,
      });
      cleanUpAfterTest(() => relay.close());
      return relay;
    },
    wxCodeAuthenticator: relayZone.wxCodeAuthenticator,
  };
  const code = serverOf(document);
  const imports = [...code.matchAll(/^import \{ (.*) \} from .*;\n/gm)];
  expect(imports.flatMap(([, names]) => names.split(', ')).filter((name) => !(name in given))).toEqual([]);
  const body = `${imports.reduce((text, [line]) => text.replace(line, ''), code)}
    return { component, eventServer, relay };`;
  const AsyncFunction = Object.getPrototypeOf(run).constructor;
  const server = await new AsyncFunction(...Object.keys(given), body)(...Object.values(given));
  const { port } = server.eventServer.address();
  component.push = { url: `http://127.0.0.1:${port}/`, ...KEYS };
  component.messages = `${server.relay.address}/push/$APPID$`;
  const post = async (path: string, content: object, token = ''): Promise<Any> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = JSON.stringify(content);
    const answer = await fetch(server.relay.address + path, { method: 'POST', body, headers });
    return { http: answer.status, ...((await answer.json()) as object) };
  };
  return {
    log,
    platform,
    post,
    async signIn(appid: string, user: string): Promise<string> {
      const credential = { type: 'wx', value: platform.issueCode(user, appid), appid };
      return (await post('/session', { credential })).token;
    },
  };
}

test.each(DOCUMENTS)('%s: from the first ticket to the end of an authorization', async (document) => {
  const { log, platform, post, signIn } = await run(document);
  expect(await platform.component.sendTicket()).toMatchObject([{ status: 200, body: 'success' }]);
  await platform.component.authorize(ONE);
  await platform.component.authorize(OTHER);
  expect(log).toEqual([`${ONE} has authorized`, `${OTHER} has authorized`]);

  // A merchant's user calls, in the name of the merchant's app.
  const ann = await signIn(ONE, 'ann');
  const call = { service: SERVICE, api: 'OcrAllInOne', data: '{"a":1}' };
  expect(await post('/invoke', { ...call, client_msg_id: '1' }, ann)).toMatchObject({ errcode: 0 });
  expect(platform.market.bills).toMatchObject([{ by: ONE }]);

  // Services are the merchant's own.
  const check = { service: CHECK, api: 'msgSecCheck', client_msg_id: '2' };
  expect(await post('/invoke', check, ann)).toMatchObject({ http: 403 });
  const bob = await signIn(OTHER, 'bob');
  expect(await post('/invoke', check, bob)).toMatchObject({ errcode: 0 });

  // The result of a long task is pushed for its app, and is its user's alone.
  const task = await post('/invoke', { ...call, client_msg_id: '3', async: true }, ann);
  await until(() => platform.component.pushes.length > 3);
  expect(await post('/retrieve', { request_id: task.request_id }, ann)).toMatchObject({ status: 0 });
  expect(platform.requests.filter(({ path }) => path === '/wxa/servicemarketretrieve')).toEqual([]);
  expect(await post('/retrieve', { request_id: task.request_id }, bob)).toMatchObject({ http: 404 });

  // The merchant leaves; the other one does not notice.
  await platform.component.remove(ONE);
  expect(log.at(-1)).toBe(`${ONE} has taken its authorization back`);
  expect(await post('/invoke', { ...call, client_msg_id: '4' }, ann)).toMatchObject({
    http: 502,
    billing: 'none',
  });
  expect(await post('/invoke', { ...call, client_msg_id: '5' }, bob)).toMatchObject({ errcode: 0 });
  expect(platform.market.bills.map(({ by }) => by)).toEqual([ONE, OTHER, ONE, OTHER]);
});
