import { openUpstream } from './support/fake-upstream';
import { openRelay } from './support/open-relay';
import { createOpenApi } from '../../src/openapi';

const services = { wxocr: ['Ocr'] };
const call = (id: string, data = '{"secret":"DATA"}') => ({
  service: 'wxocr',
  api: 'Ocr',
  data,
  client_msg_id: id,
});

async function open(options: Parameters<typeof openRelay>[0] = {}) {
  const upstream = await openUpstream();
  const openApi = createOpenApi({ appid: 'wxapp', secret: 'app-secret', baseUrl: upstream.url });
  const relay = await openRelay({ openApi, services, ...options });
  const audit = () =>
    relay.log
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line.audit === true)
      .map(withoutPino);
  return { ...relay, upstream, audit };
}

/** What the log puts into every line. */
const PINO = ['level', 'time', 'pid', 'hostname', 'audit', 'msg'];

function withoutPino(line: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(line).filter(([name]) => !PINO.includes(name)));
}

const LINE = {
  user: expect.stringMatching(/^[0-9a-f]{32}$/),
  service: 'wxocr',
  api: 'Ocr',
  ms: expect.any(Number),
  repeat: false,
};

test('each paid call has one line, each repeat another, and none has data, answers, tokens or names', async () => {
  const { upstream, audit, log, post, signIn } = await open();
  const token = await signIn('ann-the-user');
  await post('/invoke', { ...call('first'), async: true }, token);
  await post('/invoke', { ...call('first'), async: true }, token);
  upstream.replies.set('/wxa/servicemarket', () => ({ errcode: 9_301_010, errmsg: 'no balance' }));
  await post('/invoke', call('refused'), token);
  upstream.replies.set('/wxa/servicemarket', () => 'reset');
  await post('/invoke', call('lost'), token);
  await post('/invoke', call('lost'), token);
  expect(audit()).toEqual([
    { ...LINE, id: 'first', request_id: 'R-first', errcode: 0, billing: 'billed', bytes: expect.any(Number) },
    {
      ...LINE,
      id: 'first',
      request_id: 'R-first',
      errcode: 0,
      billing: 'billed',
      bytes: expect.any(Number),
      repeat: true,
    },
    { ...LINE, id: 'refused', errcode: 9_301_010, billing: 'unknown', bytes: 0 },
    { ...LINE, id: 'lost', billing: 'unknown' },
    { ...LINE, id: 'lost', billing: 'unknown', repeat: true },
  ]);
  expect(new Set(audit().map(({ user }) => user)).size).toBe(1);
  const bytes = Buffer.byteLength(JSON.stringify({ got: { secret: 'DATA' }, n: 1 }));
  expect(audit()[0].bytes).toBe(bytes);
  expect(log.join('')).not.toMatch(/DATA|ann-the-user|token-1/);
  expect(log.join('')).not.toContain(token);
});

test('a repeat that comes while the first runs is a line of its own', async () => {
  const { upstream, audit, post, signIn } = await open();
  const token = await signIn();
  let finish: (reply: undefined) => void = () => {};
  const arrived = new Promise<void>((resolve) => {
    upstream.replies.set('/wxa/servicemarket', () => {
      resolve();
      return new Promise((end) => (finish = end));
    });
  });
  const first = post('/invoke', call('id'), token);
  await arrived;
  const repeat = post('/invoke', call('id'), token);
  await new Promise((resolve) => setTimeout(resolve, 100));
  finish(undefined);
  await Promise.all([first, repeat]);
  expect(
    audit()
      .map(({ repeat: isRepeat }) => isRepeat)
      .sort(),
  ).toEqual([false, true]);
  expect(upstream.bills).toEqual(['id']);
});

test('what never left is a line that says so; its repeat while it runs, and refusals before it, are none', async () => {
  const { upstream, audit, post, signIn } = await open({ limits: { callsPerHour: 1 } });
  const token = await signIn();
  upstream.replies.set('/cgi-bin/stable_token', () => ({ errcode: 40125, errmsg: 'invalid appsecret' }));
  await post('/invoke', call('unsent'), token);
  upstream.replies.clear();
  await post('/invoke', call('sent'), token);
  expect((await post('/invoke', call('over-limit'), token)).status).toBe(429);
  expect((await post('/invoke', { ...call('x'), api: 'Other' }, token)).status).toBe(403);
  expect(audit()).toEqual([
    { ...LINE, id: 'unsent', billing: 'none' },
    { ...LINE, id: 'sent', errcode: 0, billing: 'billed', bytes: expect.any(Number) },
  ]);
});

test('the digest of a user is keyed: the same under one secret, another under another', async () => {
  const digests: unknown[] = [];
  for (const userSecret of ['one', 'one', 'two']) {
    const { audit, post, signIn } = await open({ userSecret });
    await post('/invoke', call('id'), await signIn('ann'));
    digests.push(audit()[0].user);
  }
  expect(digests[0]).toBe(digests[1]);
  expect(digests[2]).not.toBe(digests[0]);
});

test.each([
  ['warn', true, 1],
  ['silent', true, 0],
  ['info', false, 0],
] as const)('at the level %s with audit %s it writes %i lines', async (level, isOn, lines) => {
  const log: string[] = [];
  const { post, signIn } = await open({
    audit: isOn,
    logger: { level, stream: { write: (line) => void log.push(line) } },
  });
  expect((await post('/invoke', call('id'), await signIn())).status).toBe(200);
  expect(log.filter((line) => line.includes('"audit":true'))).toHaveLength(lines);
});

test('a log that fails costs no answer', async () => {
  const { post, signIn, upstream } = await open({
    logger: {
      level: 'info',
      stream: {
        write(line) {
          if (line.includes('"audit":true')) throw new Error('disk full');
        },
      },
    },
  });
  const reply = await post('/invoke', call('id'), await signIn());
  expect(await reply.json()).toMatchObject({ errcode: 0 });
  expect(upstream.bills).toEqual(['id']);
});
