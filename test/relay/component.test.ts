/** A third-party platform: its tokens, the apps that authorize it, and calls for them (protocol 18). */
import { createComponent, createOpenApi, MemoryComponentStore, type OpenApiOptions } from '../../src/openapi';
import { onTokenFetch } from '../../src/openapi/open-api';
import { makeSecurityKeys } from '../../src/simulator';
import { COMPONENT, KEY, openComponent, type Opened, OTHER_KEY, textsOf } from './support/open-component';
import { failureOf } from './support/failure-of';

const TOKEN_PATH = '/cgi-bin/component/api_component_token';
const REFRESH_PATH = '/cgi-bin/component/api_authorizer_token';
const call = (id: string) => ({ service: 's', api: 'a', data: {}, client_msg_id: id });

function clientOf({ component, platform }: Opened, appid: string, options: Partial<OpenApiOptions> = {}) {
  return createOpenApi({ appid, account: component.forApp(appid), baseUrl: platform.origin, ...options });
}

describe('calls for an app that has authorized', () => {
  test('the service market, its long tasks and every other call go by the tokens of the app', async () => {
    const opened = await openComponent({}, ['wxmerchant'], { providers: { '*': () => ({ n: 1 }) } });
    const { serviceMarket, security } = clientOf(opened, 'wxmerchant');
    await expect(serviceMarket.invokeService(call('1'))).resolves.toMatchObject({ data: '{"n":1}' });
    const { request_id: id } = await serviceMarket.invokeService({ ...call('2'), async: true } as never);
    await expect(serviceMarket.retrieve({ request_id: id as string })).resolves.toHaveProperty('data');
    await expect(security.msgSecCheck({ content: 'hello' })).resolves.toMatchObject({ errcode: 0 });
    expect(opened.platform.market.bills.map(({ by }) => by)).toEqual(['wxmerchant', 'wxmerchant']);
    expect(opened.count(TOKEN_PATH)).toBe(1);
    expect(opened.count(REFRESH_PATH)).toBe(1);
  });

  test('its users log in, and their phone numbers are read', async () => {
    const opened = await openComponent({}, ['wxmerchant', 'wxother']);
    const { platform } = opened;
    const { auth, decrypt } = clientOf(opened, 'wxmerchant');
    const session = await auth.code2Session({ js_code: platform.issueCode('ann', 'wxmerchant') });
    expect(session).toMatchObject({ openid: 'ann', session_key: expect.any(String) });
    const encrypted = platform.encryptFor('ann', { phoneNumber: '1' }, 'wxmerchant');
    const sessionKey = session.session_key;
    await expect(decrypt.getPhoneNumber({ ...encrypted, sessionKey })).resolves.toMatchObject({
      phoneNumber: '1',
    });
    const foreign = clientOf(opened, 'wxother');
    await expect(foreign.decrypt.getPhoneNumber({ ...encrypted, sessionKey })).rejects.toThrow('another app');
    const error = await failureOf(
      foreign.auth.code2Session({ js_code: platform.issueCode('ann', 'wxmerchant') }),
    );
    expect(error).toMatchObject({ errcode: 40029, billing: 'none' });
  });

  test('a code that the platform refuses in the words of its documentation, a string, is read as its number', async () => {
    const opened = await openComponent({}, ['wxmerchant']);
    const body = '{"errcode":"40029","errmsg":"invalid code"}';
    opened.platform.fault({ path: '/sns/component/jscode2session', effect: { status: 200, body } });
    const { auth } = clientOf(opened, 'wxmerchant');
    await expect(auth.code2Session({ js_code: 'x' })).rejects.toMatchObject({ errcode: 40029 });
  });

  test('calls are encrypted and signed with the keys of the app', async () => {
    const keys = makeSecurityKeys();
    const security = { ...keys.platform, appid: 'wxmerchant' };
    const opened = await openComponent({}, ['wxmerchant', 'wxplain'], { security });
    const secured = clientOf(opened, 'wxmerchant', { security: keys.owner });
    await secured.serviceMarket.invokeService(call('1'));
    await clientOf(opened, 'wxplain').serviceMarket.invokeService(call('2'));
    const error = await failureOf(clientOf(opened, 'wxmerchant').serviceMarket.invokeService(call('3')));
    expect(error).toMatchObject({ errcode: 40231, billing: 'none' });
    expect(opened.platform.market.bills).toHaveLength(2);
  });

  test('an official account that has authorized sends its messages', async () => {
    const opened = await openComponent({}, ['wxmerchant', 'wxofficial'], {
      official: { appid: 'wxofficial', secret: 'o' },
    });
    opened.platform.issueCode('ann', 'wxown');
    const { h5 } = clientOf(opened, 'wxmerchant', { h5: opened.component.forApp('wxofficial') });
    const message = { touser: 'ann', template_id: 'TEMPLATE', data: { a: { value: 'x' } } };
    await expect(h5.templateMessage.send(message)).resolves.toMatchObject({ errcode: 0 });
  });

  test('tokens that were fetched for it are counted', async () => {
    const opened = await openComponent({}, ['wxmerchant']);
    const openApi = clientOf(opened, 'wxmerchant');
    let fetched = 0;
    const end = onTokenFetch(openApi, () => fetched++);
    await openApi.auth.getAccessToken();
    await openApi.auth.getAccessToken();
    expect(fetched).toBe(1);
    end();
    await openApi.auth.getAccessToken({ cache: false });
    expect(fetched).toBe(1);
  });

  test.each([
    { appid: 'wxapp' },
    { appid: 'wxapp', secret: 's', account: true },
    { appid: 'wxother', account: true },
    { account: true },
  ])('a client of %j is an error at once', async (wrong) => {
    const { component } = await openComponent();
    const options = { ...wrong, ...(wrong.account && { account: component.forApp('wxapp') }) };
    expect(() => createOpenApi(options as OpenApiOptions)).toThrow(/^Failed to make the platform client: /);
  });
});

describe('the access token', () => {
  test.each(['expireTokens', 'revokeTokens'] as const)(
    'after %s it is replaced once for 50 calls, with that of the third-party platform',
    async (end) => {
      const opened = await openComponent({}, ['wxmerchant']);
      const { serviceMarket } = clientOf(opened, 'wxmerchant');
      await serviceMarket.invokeService(call('first'));
      opened.platform[end]();
      await Promise.all(Array.from({ length: 50 }, (_, i) => serviceMarket.invokeService(call(`${i}`))));
      // Refused once, because the token of the third-party platform had ended too.
      expect(opened.count(REFRESH_PATH)).toBe(3);
      expect(opened.count(TOKEN_PATH)).toBe(2);
      expect(opened.platform.market.bills).toHaveLength(51);
    },
  );

  test('is refreshed before it ends', async () => {
    const clock = { ms: Date.now() };
    const opened = await openComponent({ now: () => clock.ms }, ['wxmerchant']);
    const { serviceMarket } = clientOf(opened, 'wxmerchant', { now: () => clock.ms });
    await serviceMarket.invokeService(call('1'));
    clock.ms += 6_899_000;
    await serviceMarket.invokeService(call('2'));
    expect(opened.count(REFRESH_PATH)).toBe(1);
    clock.ms += 2000;
    await serviceMarket.invokeService(call('3'));
    expect(opened.count(REFRESH_PATH)).toBe(2);
  });

  test.each([true, false])(
    'lives on over many refreshes, where refresh tokens rotate: %s',
    async (rotates) => {
      const opened = await openComponent({}, ['wxmerchant']);
      opened.settings.rotates = rotates;
      const openApi = clientOf(opened, 'wxmerchant');
      for (let i = 0; i < 5; i++) await openApi.auth.getAccessToken({ cache: false });
      expect(opened.platform.component.refreshTokens('wxmerchant')).toHaveLength(rotates ? 7 : 1);
      await openApi.serviceMarket.invokeService(call('1'));
    },
  );

  test('a rotated refresh token whose answer was lost is asked for again', async () => {
    const opened = await openComponent({}, ['wxmerchant']);
    const { auth } = clientOf(opened, 'wxmerchant');
    opened.platform.fault({ path: REFRESH_PATH, times: 1, effect: { cut: true, after: true } });
    await failureOf(auth.getAccessToken());
    await expect(auth.getAccessToken()).resolves.toHaveProperty('access_token');
    expect(opened.count('/cgi-bin/component/api_get_authorizer_info')).toBe(1);
  });

  test('a new refresh token is kept before the access token is used', async () => {
    const store = new MemoryComponentStore(Date.now);
    const opened = await openComponent({ store }, ['wxmerchant']);
    const { serviceMarket } = clientOf(opened, 'wxmerchant');
    const write = store.write.bind(store);
    jest
      .spyOn(store, 'write')
      .mockImplementation((key, ...rest) =>
        key.includes(':refresh:') ? Promise.reject(new Error('disk full')) : write(key, ...rest),
      );
    const error = await failureOf(serviceMarket.invokeService(call('1')));
    expect(error).toMatchObject({ reason: 'the token store failed.', billing: 'none' });
    expect(opened.platform.market.bills).toHaveLength(0);
    jest.restoreAllMocks();
    await serviceMarket.invokeService(call('1'));
  });
});

describe('authorizations', () => {
  test('are told to the owner, and so is their end; the app is forgotten', async () => {
    const told: string[] = [];
    const opened = await openComponent(
      { onAuthorized: (app) => told.push(`+${app}`), onRemoved: (app) => told.push(`-${app}`) },
      ['wxmerchant'],
    );
    const { platform, component } = opened;
    const { serviceMarket } = clientOf(opened, 'wxmerchant');
    await serviceMarket.invokeService(call('1'));
    expect(await component.isAuthorized('wxmerchant')).toBe(true);
    await platform.component.update('wxmerchant');
    await serviceMarket.invokeService(call('2'));
    // By the token of the new authorization, which may grant more.
    expect(opened.count(REFRESH_PATH)).toBe(2);
    await platform.component.remove('wxmerchant');
    expect(told).toEqual(['+wxmerchant', '+wxmerchant', '-wxmerchant']);
    expect(await component.isAuthorized('wxmerchant')).toBe(false);
    const requests = platform.requests.length;
    const error = await failureOf(serviceMarket.invokeService(call('3')));
    expect(error).toMatchObject({ billing: 'none' });
    expect(error.message).toContain('wxmerchant has not authorized this third-party platform');
    expect(platform.requests).toHaveLength(requests);
    expect(opened.failures).toEqual([]);
  });

  test('are taken over by hand, from the code that the browser brings', async () => {
    const told: string[] = [];
    const opened = await openComponent({ onAuthorized: (app) => told.push(app) });
    const { platform, component, settings } = opened;
    await platform.component.sendTicket();
    settings.push = undefined;
    const code = await platform.component.authorize('wxmerchant');
    expect(await component.authorize(code)).toEqual({ appid: 'wxmerchant' });
    expect(await component.authorize(code)).toEqual({ appid: 'wxmerchant' });
    expect(opened.count('/cgi-bin/component/api_query_auth')).toBe(1);
    await clientOf(opened, 'wxmerchant').serviceMarket.invokeService(call('1'));
    expect(told).toEqual(['wxmerchant', 'wxmerchant']);
  });

  test('an app that authorized before, elsewhere, is taken over without its owner', async () => {
    const told: string[] = [];
    const opened = await openComponent({ onAuthorized: (app) => told.push(app) }, ['wxfirst']);
    const { platform, component, settings } = opened;
    settings.push = undefined;
    await platform.component.authorize('wxmerchant');
    expect(await component.isAuthorized('wxmerchant')).toBe(false);
    await component.adopt('wxmerchant');
    await clientOf(opened, 'wxmerchant').serviceMarket.invokeService(call('1'));
    expect(told).toEqual(['wxfirst', 'wxmerchant']);
    await expect(component.adopt('wxstranger')).rejects.toMatchObject({ errcode: 61003 });
    expect(await component.isAuthorized('wxstranger')).toBe(false);
  });

  test.each(['api_query_auth', 'api_get_authorizer_info'])(
    'one that grants no calls, so that %s has no refresh token, is an error that says so',
    async (name) => {
      const opened = await openComponent({}, ['wxfirst']);
      const body = '{"authorization_info":{"authorizer_appid":"wxmerchant","func_info":[]}}';
      opened.platform.fault({ path: `/cgi-bin/component/${name}`, effect: { status: 200, body } });
      const ask =
        name === 'api_query_auth' ? opened.component.authorize('c') : opened.component.adopt('wxmerchant');
      await expect(ask).rejects.toThrow(
        'no refresh token. The app may have granted no calls. Have its owner grant permission set 67',
      );
      expect(await opened.component.isAuthorized('wxmerchant')).toBe(false);
    },
  );

  test('the event and the browser may bring the same code', async () => {
    const opened = await openComponent({}, ['wxfirst']);
    const code = await opened.platform.component.authorize('wxmerchant');
    await expect(opened.component.authorize(code)).resolves.toEqual({ appid: 'wxmerchant' });
    expect(opened.failures).toEqual([]);
  });

  test('an event whose code was exchanged by somebody who died is taken over all the same', async () => {
    const opened = await openComponent({}, ['wxfirst']);
    const path = '/cgi-bin/component/api_query_auth';
    opened.platform.fault({ path, times: 1, effect: { cut: true, after: true } });
    await opened.platform.component.authorize('wxmerchant');
    // The first try failed; in the repeat the code was used, and the platform was asked for the refresh token.
    expect(opened.failures).toHaveLength(1);
    expect(opened.platform.component.pushes.slice(-2).map(({ status }) => status)).toEqual([500, 200]);
    await clientOf(opened, 'wxmerchant').serviceMarket.invokeService(call('1'));
  });

  test('a hook that fails has the event repeated; nothing is exchanged twice', async () => {
    let tries = 0;
    const opened = await openComponent({
      onAuthorized: () => {
        if (++tries === 1) throw new Error('database away');
      },
    });
    await opened.platform.component.sendTicket();
    await opened.platform.component.authorize('wxmerchant');
    expect(tries).toBe(2);
    expect(opened.failures.map(({ message }) => message)).toEqual(['database away']);
    expect(opened.count('/cgi-bin/component/api_query_auth')).toBe(1);
  });

  test('the platform answers for an app that never authorized: 61003, with what to do', async () => {
    const opened = await openComponent({}, ['wxmerchant']);
    const { auth } = clientOf(opened, 'wxstranger');
    const error = await failureOf(auth.code2Session({ js_code: 'x' }));
    expect(error).toMatchObject({ errcode: 61003 });
    expect(error.message).toMatch(
      /component is not authorized by this account\. .*Have its owner authorize it/,
    );
    await expect(auth.getAccessToken()).rejects.toThrow('wxstranger has not authorized');
  });

  test('a refresh token that has ended for good is an error that says what to do, and stays', async () => {
    const opened = await openComponent({}, ['wxmerchant']);
    opened.platform.component.replaceRefreshToken('wxmerchant');
    const info = '/cgi-bin/component/api_get_authorizer_info';
    // As the platform does for some accounts: an empty string.
    const body = '{"authorization_info":{"authorizer_refresh_token":""}}';
    opened.platform.fault({ path: info, times: 1, effect: { status: 200, body } });
    const { auth } = clientOf(opened, 'wxmerchant');
    const error = await failureOf(auth.getAccessToken());
    expect(error).toMatchObject({ errcode: 61023, call: 'component.getAuthorizerAccessToken' });
    expect(error.message).toContain('Have the app authorized again');
    expect(await opened.component.isAuthorized('wxmerchant')).toBe(true);
    await auth.getAccessToken();
  });
});

describe('the ticket', () => {
  test('without one the error says where it comes from, and nothing is asked', async () => {
    const opened = await openComponent();
    const error = await failureOf(opened.component.authorize('code'));
    expect(error.message).toMatch(
      /no ticket has come\. .*every 10 minutes.*授权事件接收配置.*startTicketPush/,
    );
    expect(opened.platform.requests).toEqual([]);
  });

  test('is asked for where the platform has stopped', async () => {
    const opened = await openComponent();
    await opened.component.startTicketPush();
    const code = await opened.platform.component.authorize('wxmerchant');
    await expect(opened.component.authorize(code)).resolves.toEqual({ appid: 'wxmerchant' });
    const wrong = opened.openAnother({ secret: 'wrong-secret' });
    await expect(wrong.startTicketPush()).rejects.toMatchObject({ errcode: 40125 });
  });

  test('the newest is used, for 12 hours', async () => {
    const clock = { ms: Date.now() };
    const opened = await openComponent({ now: () => clock.ms }, ['wxmerchant']);
    clock.ms += 12 * 3600_000;
    await expect(clientOf(opened, 'wxmerchant').auth.getAccessToken()).rejects.toThrow('no ticket has come');
  });

  test.each([
    [61005, (opened: Opened) => opened.platform.component.expireTickets(), /ticket has ended\. .*10 minutes/],
    [
      61006,
      ({ platform }: Opened) =>
        platform.fault({
          path: TOKEN_PATH,
          times: 1,
          effect: { errcode: 61006, errmsg: 'component ticket is invalid' },
        }),
      /not valid\. .*10 minutes/,
    ],
  ])('one that is refused with %i is an error that says what to do', async (errcode, arrange, text) => {
    const opened = await openComponent({}, ['wxmerchant']);
    arrange(opened);
    opened.platform.revokeTokens();
    const error = await failureOf(clientOf(opened, 'wxmerchant').auth.getAccessToken());
    expect(error).toMatchObject({ errcode, billing: 'none' });
    expect(error.message).toMatch(text);
  });
});

describe('no error holds a secret:', () => {
  test.each([TOKEN_PATH, REFRESH_PATH, '/cgi-bin/component/api_query_auth', '/sns/component/jscode2session'])(
    'an answer of %s that repeats what it was sent',
    async (path) => {
      const opened = await openComponent({}, ['wxmerchant']);
      const { platform, component } = opened;
      if (path === TOKEN_PATH) platform.revokeTokens();
      const { auth } = clientOf(opened, 'wxmerchant');
      const secrets = [
        COMPONENT.secret,
        KEY,
        ...platform.tokens(),
        ...platform.component.refreshTokens('wxmerchant'),
        'the-code',
      ];
      const errmsg = `bad: ${secrets.join(' ')}`;
      platform.fault({ path, effect: { errcode: 40013, errmsg } });
      const ask = {
        [TOKEN_PATH]: () => auth.getAccessToken(),
        [REFRESH_PATH]: () => auth.getAccessToken(),
        '/cgi-bin/component/api_query_auth': () => component.authorize('the-code'),
        '/sns/component/jscode2session': () => auth.code2Session({ js_code: 'c' }),
      }[path] as () => Promise<unknown>;
      const sent = JSON.stringify(await failureOf(ask()).then(textsOf));
      const { body, query } = platform.requests.at(-1) as (typeof platform.requests)[number];
      const words = [
        ...Object.values((body ?? {}) as Record<string, string>),
        ...Object.values(query),
      ].filter((word) => !['wxcomponent', 'wxmerchant', 'authorization_code', 'c'].includes(word));
      expect(words.length).toBeGreaterThan(0);
      for (const word of words) expect(sent).not.toContain(word);
    },
  );
});

test.each<[string, object]>([
  ['no appid', { appid: '' }],
  ['no secret', { secret: undefined }],
  ['no keys', { encryptionKeys: [] }],
  ['keys as a string', { encryptionKeys: KEY }],
  ['a short key', { encryptionKeys: [KEY, Buffer.alloc(31).toString('base64')] }],
  ['no time limit', { timeout: 0 }],
])('%s is an error at once, which quotes no key', (_name, wrong) => {
  const make = () => createComponent({ ...COMPONENT, encryptionKeys: [KEY], ...wrong });
  expect(make).toThrow(/^Failed to make the third-party platform: /);
  expect(make).not.toThrow(KEY);
});

test('keys may have space around them', () => {
  createComponent({ ...COMPONENT, encryptionKeys: ` ${KEY}, ${OTHER_KEY}\n`.split(',') });
});
