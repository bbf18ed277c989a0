import { createPushReader } from '../../src/openapi';
import { createPlatformServer } from '../../src/simulator';
import type { Any, ComponentSettings, PlatformOptions, PlatformServer } from '../../src/simulator';
import { cleanUpAfterTest } from '../support/cleanup';
import { openServer } from '../support/servers';
import { until } from '../support/until';

/** A third-party platform at the simulated platform, and several apps there (protocol 18). */

const OWN = { appid: 'wxown', secret: 'S' };
const COMPONENT = { appid: 'wxcomponent', secret: 'C' };
const PUSH = { token: 'AAAAA', encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };

async function start(component: Partial<ComponentSettings> = {}, options: Partial<PlatformOptions> = {}) {
  const settings = { ...COMPONENT, ...component };
  const server = await createPlatformServer({ ...OWN, component: settings, ...options });
  cleanUpAfterTest(() => server.close());
  return { server, settings };
}

async function post(server: PlatformServer, path: string, body: object, query = {}): Promise<Any> {
  const target = `${server.origin}${path}?${new URLSearchParams(query)}`;
  return (await fetch(target, { method: 'POST', body: JSON.stringify(body) })).json();
}

/** A call of the third-party platform, by its name under /cgi-bin/component. */
async function ask(server: PlatformServer, name: string, body: object, token?: string): Promise<Any> {
  const query = token === undefined ? {} : { component_access_token: token };
  return post(server, `/cgi-bin/component/${name}`, { component_appid: COMPONENT.appid, ...body }, query);
}

/** Where events go: answers as it should, or as `answers` has it, and keeps what came. */
async function openAddress(answers: (string | undefined)[] = []) {
  const came: { path: string; body: string; query: Record<string, string> }[] = [];
  const { url } = await openServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname: path, searchParams } = new URL(request.url as string, 'http://x');
      const body = Buffer.concat(chunks).toString();
      came.push({ path, body, query: Object.fromEntries(searchParams) });
      response.end(answers[came.length - 1] ?? 'success');
    });
  });
  const reader = createPushReader({ appid: COMPONENT.appid, ...PUSH });
  const messages = (): Any[] => came.map(({ query, body }) => reader.read(query, body).message);
  return { url, came, messages };
}

async function openWithTicket(
  component: Partial<ComponentSettings> = {},
  options: Partial<PlatformOptions> = {},
) {
  const address = await openAddress();
  const opened = await start({ push: { url: address.url, ...PUSH }, ...component }, options);
  await opened.server.component.sendTicket();
  const ticket = address.messages()[0].ComponentVerifyTicket as string;
  const body = { component_appsecret: 'C', component_verify_ticket: ticket };
  const getToken = async (): Promise<string> =>
    (await ask(opened.server, 'api_component_token', body)).component_access_token as string;
  return { ...opened, address, ticket, getToken, token: await getToken() };
}

describe('tickets', () => {
  test('are pushed encrypted, as XML that names the third-party platform outside and inside', async () => {
    const { address, ticket } = await openWithTicket();
    expect(address.came[0].body).toMatch(
      /^<xml><AppId><!\[CDATA\[wxcomponent\]\]><\/AppId><Encrypt>.*<\/Encrypt><\/xml>$/,
    );
    expect(address.messages()[0]).toEqual({
      AppId: 'wxcomponent',
      CreateTime: expect.stringMatching(/^\d{10}$/),
      InfoType: 'component_verify_ticket',
      ComponentVerifyTicket: ticket,
    });
  });

  test('are pushed up to three times, until the answer is "success"', async () => {
    const address = await openAddress(['no', 'success']);
    const { server } = await start({ push: { url: address.url, ...PUSH } });
    expect((await server.component.sendTicket()).map(({ body }) => body)).toEqual(['no', 'success']);
    expect(server.component.pushes).toHaveLength(2);
  });

  test('are started by the secret', async () => {
    const { server, address } = await openWithTicket();
    expect(await ask(server, 'api_start_push_ticket', { component_secret: 'C' })).toEqual({
      errcode: 0,
      errmsg: 'ok',
    });
    await until(() => address.came.length === 2);
    expect(await ask(server, 'api_start_push_ticket', { component_secret: 'x' })).toMatchObject({
      errcode: 40125,
    });
  });
});

describe('the token of the third-party platform', () => {
  test.each<[object, number]>([
    [{ component_appsecret: 'x' }, 40125],
    [{ component_appsecret: '' }, 41004],
    [{ component_appid: '' }, 41018],
    [{ component_appid: 'wxother' }, 61011],
    [{ component_verify_ticket: 'x' }, 61006],
    [{ component_verify_ticket: undefined }, 61006],
  ])('%j is refused with %i', async (wrong, errcode) => {
    const { server, ticket } = await openWithTicket();
    const body = { component_appsecret: 'C', component_verify_ticket: ticket, ...wrong };
    expect(await ask(server, 'api_component_token', body)).toMatchObject({ errcode });
  });

  test('is not given for an old ticket, and ends the one before it', async () => {
    const { server, token, ticket, getToken } = await openWithTicket();
    const second = await getToken();
    const body = { authorizer_appid: 'wxmerchant' };
    expect(await ask(server, 'api_get_authorizer_info', body, token)).toMatchObject({ errcode: 40001 });
    expect(await ask(server, 'api_get_authorizer_info', body, second)).toMatchObject({ errcode: 61003 });
    server.component.expireTickets();
    const again = { component_appsecret: 'C', component_verify_ticket: ticket };
    expect(await ask(server, 'api_component_token', again)).toMatchObject({ errcode: 61005 });
  });

  test('is needed, under either of its names, with the right component_appid', async () => {
    const { server, token } = await openWithTicket();
    const body = { component_appid: 'wxcomponent', authorizer_appid: 'wxmerchant' };
    const path = '/cgi-bin/component/api_get_authorizer_info';
    expect(await post(server, path, body)).toMatchObject({ errcode: 41021 });
    expect(await post(server, path, body, { access_token: token })).toMatchObject({ errcode: 61003 });
    const other = { ...body, component_appid: 'wxother' };
    expect(await post(server, path, other, { access_token: token })).toMatchObject({ errcode: 40013 });
    const stable = { grant_type: 'client_credential', ...OWN };
    const { access_token: own } = await post(server, '/cgi-bin/stable_token', stable);
    expect(await post(server, path, body, { access_token: own as string })).toMatchObject({ errcode: 40001 });
    server.expireTokens();
    expect(await post(server, path, body, { access_token: token })).toMatchObject({ errcode: 42001 });
  });
});

describe('authorizations', () => {
  test('an event and a code, which is good once and for an hour', async () => {
    const { server, settings, address, token } = await openWithTicket();
    const code = await server.component.authorize('wxmerchant');
    expect(address.messages().at(-1)).toMatchObject({
      InfoType: 'authorized',
      AuthorizerAppid: 'wxmerchant',
      AuthorizationCode: code,
      PreAuthCode: expect.any(String),
    });
    const query = (authorization_code: string) =>
      ask(server, 'api_query_auth', { authorization_code }, token);
    expect(await query(code)).toEqual({
      authorization_info: {
        authorizer_appid: 'wxmerchant',
        authorizer_access_token: expect.any(String),
        expires_in: 7200,
        authorizer_refresh_token: server.component.refreshTokens('wxmerchant').at(-1),
        func_info: expect.arrayContaining([{ funcscope_category: { id: 66 } }]),
      },
    });
    expect(await query(code)).toMatchObject({ errcode: 61009 });
    expect(await query('x')).toMatchObject({ errcode: 61009 });
    settings.codeLife = -1;
    expect(await query(await server.component.update('wxmerchant'))).toMatchObject({ errcode: 61010 });
  });

  test('refresh tokens rotate, and only the last is good', async () => {
    const { server, settings, token } = await openWithTicket();
    await server.component.authorize('wxmerchant');
    const refresh = (refreshToken: string, app = 'wxmerchant') => {
      const body = { authorizer_appid: app, authorizer_refresh_token: refreshToken };
      return ask(server, 'api_authorizer_token', body, token);
    };
    const [first] = server.component.refreshTokens('wxmerchant');
    const { authorizer_refresh_token: second } = await refresh(first);
    expect(second).not.toBe(first);
    expect(await refresh(first)).toMatchObject({ errcode: 61023 });
    settings.rotates = false;
    expect(await refresh(second as string)).toMatchObject({ authorizer_refresh_token: second });
    expect(await refresh(second as string, 'wxstranger')).toMatchObject({ errcode: 61003 });
  });

  test('what the owner takes back ends at once, also for a token that was given before', async () => {
    const { server, address, token } = await openWithTicket();
    await server.component.authorize('wxmerchant');
    const body = {
      authorizer_appid: 'wxmerchant',
      authorizer_refresh_token: server.component.refreshTokens('wxmerchant')[0],
    };
    const { authorizer_access_token: access } = await ask(server, 'api_authorizer_token', body, token);
    const call = { service: 's', api: 'a', client_msg_id: 'm' };
    const invoke = () => post(server, '/wxa/servicemarket', call, { access_token: access as string });
    expect(await invoke()).toMatchObject({ errcode: 0 });
    await server.component.remove('wxmerchant');
    expect(address.messages().at(-1)).toMatchObject({
      InfoType: 'unauthorized',
      AuthorizerAppid: 'wxmerchant',
    });
    expect(await invoke()).toMatchObject({ errcode: 61003 });
    expect(server.market.bills.map(({ by }) => by)).toEqual(['wxmerchant']);
  });

  test('users of an app log in by the third-party platform, once the app has authorized', async () => {
    const { server, token } = await openWithTicket();
    const session = async (code: string, further = {}): Promise<Any> => {
      const query = new URLSearchParams({
        appid: 'wxmerchant',
        js_code: code,
        grant_type: 'authorization_code',
        component_appid: 'wxcomponent',
        component_access_token: token,
        ...further,
      });
      return (await fetch(`${server.origin}/sns/component/jscode2session?${query}`)).json();
    };
    const code = server.issueCode('ann', 'wxmerchant');
    expect(await session(code)).toMatchObject({ errcode: 61003 });
    await server.component.authorize('wxmerchant');
    expect(await session(code, { grant_type: 'x' })).toMatchObject({ errcode: 40002 });
    expect(await session(server.issueCode('ann'))).toMatchObject({ errcode: 40029 });
    expect(await session(code)).toMatchObject({ openid: 'ann' });
    expect(await session(code)).toMatchObject({ errcode: 40163 });
  });

  test('the results of their long tasks go to the address for messages, with their appid in it', async () => {
    const messages = await openAddress();
    const { server, token } = await openWithTicket({ messages: `${messages.url}/push/$APPID$` });
    const code = await server.component.authorize('wxmerchant');
    const { authorization_info: info } = await ask(
      server,
      'api_query_auth',
      { authorization_code: code },
      token,
    );
    const call = { service: 's', api: 'a', client_msg_id: 'm', async: true, data: { n: 1 } };
    const query = { access_token: info.authorizer_access_token as string };
    const { request_id: id } = await post(server, '/wxa/servicemarket', call, query);
    await until(() => messages.came.length === 1);
    expect(messages.came[0].path).toBe('/push/wxmerchant');
    expect(messages.messages()[0]).toMatchObject({
      Event: 'servicemarket_async_api_result',
      RequestID: id,
    });
  });
});

test('several apps have secrets, tokens and users of their own', async () => {
  const server = await createPlatformServer({ ...OWN, apps: [{ appid: 'wxsecond', secret: 'T' }] });
  cleanUpAfterTest(() => server.close());
  const tokenOf = async (account: object): Promise<Any> =>
    post(server, '/cgi-bin/stable_token', { grant_type: 'client_credential', ...account });
  expect(await tokenOf({ appid: 'wxsecond', secret: 'S' })).toMatchObject({ errcode: 40125 });
  const { access_token: token } = await tokenOf({ appid: 'wxsecond', secret: 'T' });
  const call = { service: 's', api: 'a', client_msg_id: 'm' };
  await post(server, '/wxa/servicemarket', call, { access_token: token as string });
  expect(server.market.bills.map(({ by }) => by)).toEqual(['wxsecond']);
  const session = async (appid: string, secret: string, code: string): Promise<Any> => {
    const query = new URLSearchParams({ appid, secret, js_code: code, grant_type: 'authorization_code' });
    return (await fetch(`${server.origin}/sns/jscode2session?${query}`)).json();
  };
  const code = server.issueCode('ann', 'wxsecond');
  expect(await session(OWN.appid, OWN.secret, code)).toMatchObject({ errcode: 40029 });
  expect(await session('wxsecond', 'T', code)).toMatchObject({ openid: 'ann' });
  expect(() => server.component).toThrow('Give the option "component".');
});

test('a server without a third-party platform knows none', async () => {
  const server = await createPlatformServer(OWN);
  cleanUpAfterTest(() => server.close());
  expect(await ask(server, 'api_component_token', {})).toMatchObject({ errcode: 61011 });
});
