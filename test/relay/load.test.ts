import { Agent, request } from 'node:http';
import { openUpstream } from './support/fake-upstream';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { type RelayProcess, signInAs, startProcess } from './support/relay-process';
import { openS3 } from './support/servers';

const MB = 1024 * 1024;
const services = { wxocr: ['Ocr'] };
const limits = {
  sessionsPerHour: 1e9,
  filesPerHour: 1e9,
  bytesPerHour: 1e12,
  callsPerHour: 1e9,
  pollsPerHour: 1e9,
};

/** Numbers that look random and are the same in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Shot {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  /** Nothing is wrong with it. */
  good: boolean;
}

/** A request that is right, or wrong in one to three ways. */
function makeShots(count: number, token: string): Shot[] {
  const random = randomFrom(42);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)];
  const junk = (): string =>
    Array.from({ length: random(60) }, () => String.fromCharCode(32 + random(94))).join('');
  const json = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return Array.from({ length: count }, (_, n) => {
    const call = { service: 'wxocr', api: 'Ocr', data: { n }, client_msg_id: `id-${random(200)}-${n % 7}` };
    const good: Omit<Shot, 'good'>[] = [
      {
        method: 'POST',
        path: '/invoke',
        headers: json,
        body: JSON.stringify({ ...call, client_msg_id: `id-${n}` }),
      },
      { method: 'POST', path: '/files', headers: json, body: JSON.stringify({ text: junk() }) },
      {
        method: 'POST',
        path: '/files',
        headers: { ...json, 'content-type': 'application/octet-stream' },
        body: junk(),
      },
      {
        method: 'POST',
        path: '/files',
        headers: { ...json, 'content-type': 'multipart/form-data; boundary=b' },
        body: `--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n${junk()}\r\n--b--\r\n`,
      },
      { method: 'GET', path: '/healthz', headers: {}, body: '' },
    ];
    const shot = { ...pick(good), good: n % 20 === 0 };
    if (shot.good) return shot;
    const spoil: (() => void)[] = [
      () => (shot.method = pick(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'PROPFIND'])),
      () =>
        (shot.path = pick([
          '/',
          '/files/..%2f..%2fetc',
          '/files/%00',
          '/%',
          `/files/${'A'.repeat(71)}`,
          '/retrieve',
          '/session',
          `/${encodeURI(junk())}`,
          '/invoke?x=1',
          '//x',
          '/files/' + 'x'.repeat(300),
        ])),
      () =>
        (shot.body = pick([
          '',
          '{',
          'null',
          '[]',
          '{"a":',
          junk(),
          '{"__proto__":{}}',
          shot.body.slice(0, random(shot.body.length + 1)),
          '"text"',
          '{"text":5}',
          '{"credential":{"type":"wx","value":"x"}}',
          JSON.stringify(call),
        ])),
      () =>
        (shot.headers = {
          ...shot.headers,
          authorization: pick([
            '',
            'Bearer',
            `Bearer ${'A'.repeat(43)}`,
            `Basic ${token}`,
            `Bearer ${token}x`,
          ]),
        }),
      () =>
        (shot.headers = {
          ...shot.headers,
          'content-type': pick([
            'text/html',
            'application/json; charset=utf-16',
            'multipart/form-data',
            'multipart/form-data; boundary=x',
            'x',
            'text/plain',
            'application/json',
          ]),
        }),
      () =>
        (shot.headers = {
          ...shot.headers,
          'x-junk': 'y'.repeat(random(4000)),
          origin: 'https://evil.example',
        }),
      () =>
        (shot.body = JSON.stringify({
          ...call,
          [pick(['consume_type', 'admin', 'data', 'async', 'api', 'service'])]: pick([1, null, 'x', [], {}]),
        })),
    ];
    for (let i = 0; i <= random(3); i++) pick(spoil)();
    // Signing out works, and would turn all that follows into 401.
    if (shot.method === 'DELETE' && shot.path === '/session') shot.method = 'PUT';
    return shot;
  });
}

/** @returns how often each status came; a good request that gets no 200 is an error, unless `mayFail` */
async function fire(relay: RelayProcess, shots: Shot[], mayFail = false): Promise<Map<number, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  cleanUpAfterTest(() => agent.destroy());
  const { port } = new URL(relay.url);
  const statuses = new Map<number, number>();
  const one = ({ method, path, headers, body, good }: Shot): Promise<void> =>
    new Promise((resolve, reject) => {
      const length = { 'content-length': String(Buffer.byteLength(body)) };
      const options = { port, host: '127.0.0.1', agent, method, path, headers: { ...headers, ...length } };
      const sent = request(options, (reply) => {
        let text = '';
        reply.on('data', (chunk) => (text += chunk));
        reply.on('end', () => {
          const status = reply.statusCode as number;
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          const wrong = good && !mayFail && status !== 200;
          if (wrong || (status >= 400 && method !== 'HEAD' && !isRefusal(text))) {
            reject(new Error(`${method} ${path} was answered ${status}: ${text}`));
          }
          resolve();
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const queue = shots.values();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const shot of queue) await one(shot);
    }),
  );
  return statuses;
}

function isRefusal(text: string): boolean {
  if (!text.startsWith('{"errcode":')) return false;
  const { errcode, errmsg, billing, request_id: id } = JSON.parse(text);
  return [typeof errcode, typeof errmsg, typeof billing, typeof id].join() === 'number,string,string,string';
}

const sum = (statuses: Map<number, number>, from: number, to: number): number =>
  [...statuses]
    .filter(([status]) => status >= from && status <= to)
    .reduce((total, [, count]) => total + count, 0);

describe('a fuzz run', () => {
  test('of 20,000 requests: only answers of the right shape, no 5xx, no growth', async () => {
    const upstream = await openUpstream();
    const relay = await startProcess({ upstream: upstream.url, services, limits, folder: temporaryFolder() });
    const { token } = await signInAs(relay.url, 'ann');
    await fire(relay, makeShots(2000, token));
    const before = (await relay.memory()).held;
    const shots = makeShots(20_000, token);
    upstream.seen.length = 0;
    const statuses = await fire(relay, shots);
    expect(sum(statuses, 500, 599)).toBe(0);
    expect(sum(statuses, 200, 599)).toBe(20_000);
    expect(shots.filter(({ good }) => good)).toHaveLength(1000);
    expect(statuses.get(200)).toBeGreaterThanOrEqual(1000);
    expect(sum(statuses, 400, 499)).toBeGreaterThan(10_000);
    // What garbage is left out of, 5 MB: resident memory says as much about the collector and the machine.
    expect((await relay.memory()).held - before).toBeLessThan(24 * MB);
    const ids = upstream.seen
      .filter(({ path }) => path === '/wxa/servicemarket')
      .map(({ json }) => json.client_msg_id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('with a platform that fails: 502 or 504 as JSON, and no other 5xx', async () => {
    const upstream = await openUpstream();
    const relay = await startProcess({
      upstream: upstream.url,
      upstreamTimeout: 1000,
      services,
      limits,
      folder: temporaryFolder(),
    });
    const { token } = await signInAs(relay.url, 'ann');
    upstream.replies.set('/wxa/servicemarket', (_request, count) => (count % 2 ? 'reset' : 'hang'));
    const statuses = await fire(relay, makeShots(1000, token), true);
    expect([...statuses.keys()].filter((status) => status >= 500).sort()).toEqual([502, 504]);
  });
});

describe('50 uploads of 20 MiB at once are not held in memory', () => {
  /** Sends all in step, so that they are under way together. */
  async function upload(relay: RelayProcess, token: string): Promise<number[]> {
    const piece = Buffer.alloc(MB, 7);
    const agent = new Agent({ maxSockets: 50 });
    cleanUpAfterTest(() => agent.destroy());
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/octet-stream',
      'content-length': 20 * MB,
    };
    const statuses: Promise<number>[] = [];
    const bodies = Array.from({ length: 50 }, () => {
      const sent = request(`${relay.url}/files`, { method: 'POST', agent, headers });
      statuses.push(
        new Promise((resolve, reject) =>
          sent.on('error', reject).on('response', (reply) => resolve(reply.resume().statusCode as number)),
        ),
      );
      return sent;
    });
    for (let n = 0; n < 20; n++) {
      await Promise.all(bodies.map((sent) => new Promise((resolve) => sent.write(piece, resolve))));
    }
    for (const sent of bodies) sent.end();
    return Promise.all(statuses);
  }

  test.each(['a local folder', 'S3'])('into %s', async (kind) => {
    const upstream = await openUpstream();
    const s3 = kind === 'S3' ? { s3: { ...(await openS3()), forcePathStyle: true } } : {};
    const env = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };
    const relay = await startProcess(
      { upstream: upstream.url, limits, folder: temporaryFolder(), publicUrl: 'https://x.example', ...s3 },
      env,
    );
    const { token } = await signInAs(relay.url, 'ann');
    await fetch(`${relay.url}/files`, {
      method: 'POST',
      body: 'warm',
      headers: { authorization: `Bearer ${token}` },
    });
    const before = await relay.memory();
    expect(await upload(relay, token)).toEqual(Array.from({ length: 50 }, () => 200));
    const after = await relay.memory();
    // A quarter of what is sent: alone on a machine it is under 64 MB, on a busy one the collector comes late.
    expect(after.peak - before.rss).toBeLessThan(250 * MB);
  });
});
