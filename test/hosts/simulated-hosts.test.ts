/** The hosts that docs/en/other-hosts.md names, each as a row of the simulator: uploads and calls over a relay. */
import { type OtherHost } from '../../src/simulator';
import { FakeRelay, RELAY } from '../support/fakes/relay';
import { expectAtRest, openPage, type PageHost } from '../support/hosts';
import { type Any, expectWellFormed } from '../support/outcomes';

const GLOBALS: Record<OtherHost, string> = {
  qq: 'qq',
  'uni on Alipay': 'uni',
  'Taro on Alipay': 'Taro',
  'uni on HarmonyOS': 'uni',
};
const ROWS = Object.entries(GLOBALS) as [OtherHost, string][];

function open(host: OtherHost): { page: PageHost; relay: FakeRelay } {
  const relay = new FakeRelay();
  const page = openPage({ host, network: relay.network });
  page.run(
    `api.configure({
      channels: ['relay'],
      relay: { url: url, credential: function () { return Promise.resolve({ type: 'jwt', value: 'J' }); } },
    })`,
    { api: page.api, url: RELAY },
  );
  return { page, relay };
}

describe.each(ROWS)('%s', (host, global) => {
  test('has its global and no other, and install adds the market to it', () => {
    const { page } = open(host);
    expect(page.run('return typeof wx')).toBe('undefined');
    expect(page.run(`return typeof ${global}`)).toBe('object');
    const { problem, members } = page.run('return api.install()', { api: page.api });
    expect(problem).toBeUndefined();
    expect({ ...members }).toEqual({ invokeService: 'added', getAsyncResult: 'added', CDN: 'added' });
    expect(page.run(`return typeof ${global}.serviceMarket.invokeService`)).toBe('function');
  });

  test('text, bytes and a file arrive, and the service gets their URLs', async () => {
    const { page, relay } = open(host);
    const bytes = page.run('return Uint8Array.from({ length: 100 }, function (_, i) { return i }).buffer');
    const contents = ['text', bytes, { type: 'filePath', filePath: 'wxfile://tmp_a.png' }];
    const seen = await page.outcome({ data: contents.map((content) => page.mark(content)) });
    expect(seen.error).toBeUndefined();
    expect(relay.files.map(({ as }) => as).sort()).toEqual(['bytes', 'multipart', 'text']);
    expect(JSON.parse(relay.calls[0].data)).toHaveLength(3);
    expect(relay.credentials).toEqual([{ type: 'jwt', value: 'J' }]);
    expectAtRest(page);
  });

  test.each([
    ['a file that is not there', { type: 'filePath', filePath: 'wxfile://none.png' }],
    ['no connection to the relay', 'text'],
  ])('%s: a text that a person can read, and no bill', async (_name, content) => {
    const { page, relay } = open(host);
    if (content === 'text')
      relay.instead = () => {
        throw new Error('cut');
      };
    const { error } = (await page.outcome({ data: page.mark(content) })) as Any;
    expectWellFormed(page, error);
    expect(error).toMatchObject({ billing: 'none', errCode: expect.any(Number) });
    expect(error.message).toMatch(/^invokeService:fail .*:fail \w/);
    expect(relay.calls).toEqual([]);
  });

  test('a refusal of the relay keeps its code', async () => {
    const { page, relay } = open(host);
    const body = { errcode: -11, errmsg: 'Too often. Try again in 7 seconds.', billing: 'none' };
    relay.instead = ({ path }) => (path === '/session' ? undefined : { status: 429, body });
    const { error } = (await page.outcome({ data: page.mark({ filePath: 'wxfile://tmp_a.png' }) })) as Any;
    expect(error).toMatchObject({ errCode: -11, statusCode: 429, retryAfter: 7, billing: 'none' });
  });
});

test('Alipay refuses an upload without fileType, as its documentation has it', async () => {
  const { page } = open('uni on Alipay');
  const options = { url: `${RELAY}/files`, name: 'file', filePath: 'wxfile://tmp_a.png' };
  const seen = page.run(
    'var seen = []; uni.uploadFile(Object.assign({ fail: function (e) { seen.push(e.errMsg) } }, options)); return seen',
    { options },
  );
  await page.clock.run();
  expect([...seen]).toEqual(['uploadFile:fail 无效参数']);
});

test('a host that is not known is refused', () => {
  expect(() => openPage({ host: 'my' as OtherHost })).toThrow(/host is "my". Use one of qq, uni on Alipay/);
});
