/** Configuration that changes while the app runs: what a call began with stays its own, and no copy undoes a page's. */
import { imported, injected, pass, watch, wxWith } from './support/own-host';
import type { Any } from '../support/outcomes';

const CALL = { service: 's', api: 'a' };
const CONFIG = { channels: ['relay'], relay: { url: 'https://a.test' } };

/** A host whose first `/invoke` is lost. */
function relayHost() {
  const sent: string[] = [];
  const bodies: Record<string, object> = {
    session: { token: 't', expires_in: 7200 },
    invoke: { errcode: 0, errmsg: 'ok', data: '1', request_id: 'R' },
  };
  const wx = wxWith({
    login: ({ success }: Any) => success({ code: 'code' }),
    request({ url, data, header, success, fail }: Any) {
      const name = url.split('/').pop();
      sent.push(`${url} ${name === 'session' ? data.credential.value : header.Authorization}`);
      const isLost = name === 'invoke' && sent.filter((text) => text.includes('invoke')).length === 1;
      setTimeout(
        () =>
          isLost
            ? fail({ errMsg: 'request:fail timeout' })
            : success({ statusCode: 200, data: bodies[name] }),
        20,
      );
    },
  });
  return { wx, sent };
}

test.each([
  ['another relay', { url: 'https://b.test' }],
  [
    'another user',
    { url: 'https://a.test', credential: () => Promise.resolve({ type: 'jwt', value: 'bob' }) },
  ],
])('%s, configured during a call, gets none of its messages', async (_name, relay) => {
  const { wx, sent } = relayHost();
  const api = imported(wx);
  api.configure(CONFIG);
  const seen = watch(api.invokeService(CALL));
  await pass(50);
  api.configure({ relay });
  await pass(5000);
  expect(seen.ok).toMatchObject({ data: 1 });
  expect(sent).toEqual([
    'https://a.test/session code',
    'https://a.test/invoke Bearer t',
    'https://a.test/invoke Bearer t',
  ]);

  watch(api.invokeService(CALL));
  await pass(5000);
  expect(sent[3]).toBe(`${relay.url}/session ${'credential' in relay ? 'bob' : 'code'}`);
});

test('calls before and after it share no session, and each signs in once', async () => {
  let logins = 0;
  let asked = 0;
  const wx = wxWith({
    login: ({ success }: Any) => success({ code: `${++logins}` }),
    request: ({ url, success }: Any) => {
      const isDone = /invoke/.test(url) && ++asked > 12;
      const reply = isDone ? { errcode: 0, data: '1' } : { scene: 3 };
      const data = /session/.test(url) ? { token: 't', expires_in: 7200 } : reply;
      setTimeout(success, 50, { statusCode: 200, data });
    },
  });
  const api = imported(wx);
  api.configure(CONFIG);
  const first = watch(api.invokeService(CALL));
  await pass(60);
  api.configure({ relay: { ...CONFIG.relay } });
  const second = watch(api.invokeService(CALL));
  await pass(60000);
  expect([first.ok, second.ok]).toMatchObject([{ data: 1 }, { data: 1 }]);
  expect(logins).toBe(2);
});

test('another environment of the cloud, configured during a call, gets none of its messages', async () => {
  const ran: string[] = [];
  const callFunction = ({ config, success, fail }: Any): void => {
    const isFirst = ran.push(config.env) === 1;
    setTimeout(
      () =>
        isFirst
          ? fail({ errMsg: 'cloud.callFunction:fail timeout' })
          : success({ result: { errcode: 0, data: '1' } }),
      20,
    );
  };
  const api = imported(wxWith({ cloud: { init() {}, callFunction } }));
  api.configure({ channels: ['cloud'], cloud: { env: 'e1', function: 'f' } });
  const seen = watch(api.invokeService(CALL));
  await pass(10);
  api.configure({ cloud: { env: 'e2', function: 'f' } });
  await pass(5000);
  expect(seen.ok).toMatchObject({ data: 1 });
  expect(ran).toEqual(['e1', 'e1']);
});

test('the injected file of a subpackage leaves what a page has configured', async () => {
  const { wx, sent } = relayHost();
  const credential = () => Promise.resolve({ type: 'jwt', value: 'alice' });
  const limits = { pollInterval: 10 };
  injected(wx, CONFIG).configure({ relay: { ...CONFIG.relay, credential } });
  injected(wx, { ...CONFIG, limits });
  watch(wx.serviceMarket.invokeService(CALL));
  await pass(5000);
  expect(sent[0]).toBe('https://a.test/session alice');
});

test('and each limit that a page has set, but takes the others of the file', async () => {
  const sent: number[] = [];
  const wx = wxWith({ operateWXData: () => void sent.push(Date.now()) });
  const api = imported(wx);
  api.configure({ limits: { repeats: 1 } });
  api.configure({ limits: { pollInterval: 3000 } });
  injected(wx, { limits: { repeats: 5, messageTimeout: 1000 } });
  watch(api.invokeService(CALL));
  await pass(60000);
  expect(sent.map((at) => at - sent[0])).toEqual([0, 3000]);
});

test('a host given to install() has refused nothing yet', async () => {
  const refusing = wxWith({
    operateWXData: ({ fail }: Any) => fail({ errMsg: 'operateWXData:fail permission denied' }),
  });
  const api = imported(refusing);
  const seen = watch(api.invokeService(CALL));
  await pass(100);
  expect(seen.error.message).toContain('permission denied');
  let asked = 0;
  api.install(wxWith({ operateWXData: () => void asked++ }));
  watch(api.invokeService(CALL));
  await pass(100);
  expect(asked).toBe(1);
});
