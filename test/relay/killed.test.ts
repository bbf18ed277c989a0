import { openUpstream } from './support/fake-upstream';
import { temporaryFolder } from '../support/files';
import { bearer, form, refusal } from './support/open-relay';
import { signInAs, startProcess } from './support/relay-process';
import { describeWithRedis, openRedis, openS3 } from './support/servers';
import { until } from '../support/until';

const services = { wxocr: ['Ocr'] };
const call = (id: string) => ({ service: 'wxocr', api: 'Ocr', data: '{"a":1}', client_msg_id: id });
const PATH = '/wxa/servicemarket';

/** Makes the platform hold back its answers to some ids; tells when one has arrived. */
function holdBack(upstream: Awaited<ReturnType<typeof openUpstream>>, ids: Set<string>): Promise<void> {
  return new Promise((arrived) => {
    upstream.replies.set(PATH, async ({ json }) => {
      if (!ids.has(String(json.client_msg_id))) return undefined;
      upstream.bills.push(String(json.client_msg_id));
      arrived();
      return 'hang';
    });
  });
}

/** Sends again while the store of files is too slow on a busy machine, which the relay answers with 503. */
function reachStore(send: () => Promise<Response>): Promise<Response> {
  return until(async () => {
    const answer = await send();
    return answer.status !== 503 && answer;
  }, 'the store of files was reached');
}

describe('the embedded default, killed and started again', () => {
  test('loses no intent, no outcome and no file', async () => {
    const upstream = await openUpstream();
    const config = {
      upstream: upstream.url,
      services,
      folder: temporaryFolder(),
      publicUrl: 'https://relay.example',
    };
    const first = await startProcess(config);
    const user = await signInAs(first.url, 'ann');
    const done = await (await user.invoke(call('done'))).json();
    const headers = bearer(user.token);
    const sent = await fetch(`${first.url}/files`, { method: 'POST', body: form('kept'), headers });
    const { pathname } = new URL(((await sent.json()) as { url: string }).url);
    const arrived = holdBack(upstream, new Set(['lost']));
    const pending = user.invoke(call('lost')).catch(() => 'cut off');
    await arrived;
    await first.kill();
    expect(await pending).toBe('cut off');

    const second = await startProcess(config);
    expect(await (await fetch(second.url + pathname)).text()).toBe('kept');
    upstream.replies.delete('/sns/jscode2session');
    const again = await signInAs(second.url, 'ann2');
    await refusal(await user.invoke(call('done'), second.url), 401, 40001);
    // Another user's id is another call; the same user comes back under the same openid.
    upstream.replies.set('/sns/jscode2session', () => ({ openid: 'openid-good-ann', session_key: 'k' }));
    const ann = await signInAs(second.url, 'ann3');
    expect(await (await ann.invoke(call('done'))).json()).toEqual(done);
    expect(await refusal(await ann.invoke(call('lost')), 504, -2, 'unknown')).toContain('outcome unknown');
    expect(upstream.bills).toEqual(['done', 'lost']);
    upstream.replies.delete(PATH);
    expect((await again.invoke(call('done'))).status).toBe(200);
    // The second waits until the first's lock has ended.
  });
});

describeWithRedis('two relays on one Redis and one S3 store', () => {
  test.each(['perId', 'perMessage'] as const)(
    '100 users at once, one relay killed in the middle: nothing is billed twice, bills %s',
    async (billing) => {
      const upstream = await openUpstream(billing);
      const s3 = await openS3();
      const env = {
        REDIS_URL: await openRedis(),
        AWS_ACCESS_KEY_ID: 'S3RVER',
        AWS_SECRET_ACCESS_KEY: 'S3RVER',
      };
      const config = () => ({
        upstream: upstream.url,
        services,
        folder: temporaryFolder(),
        redis: {},
        s3: { ...s3, forcePathStyle: true },
        publicUrl: 'https://relay.example',
      });
      const relays = await Promise.all([startProcess(config(), env), startProcess(config(), env)]);
      const urls = relays.map(({ url }) => url);
      const users = await Promise.all(
        Array.from({ length: 100 }, async (_, n) => ({ n, ...(await signInAs(urls[n % 2], `user${n}`)) })),
      );

      // Each user: a file through one relay, read through the other, and a call with its URL.
      const first = await Promise.all(
        users.map(async ({ n, token, invoke }) => {
          const body = form(`file of ${n}`);
          const upload = { method: 'POST', body, headers: bearer(token) };
          const sent = await reachStore(() => fetch(`${urls[n % 2]}/files`, upload));
          const { url } = (await sent.json()) as { url: string };
          const read = await reachStore(() => fetch(urls[(n + 1) % 2] + new URL(url).pathname));
          expect(await read.text()).toBe(`file of ${n}`);
          const request = { ...call(`first-${n}`), data: JSON.stringify({ url }) };
          const reply = await invoke(request);
          expect(reply.status).toBe(200);
          return { request, answer: await reply.json() };
        }),
      );
      expect(upstream.count('/cgi-bin/stable_token')).toBe(1);

      // The second round is cut off: some calls answered, some sent and not answered, some not sent.
      const held = new Set(Array.from({ length: 50 }, (_, i) => `second-${i * 2}`));
      const arrived = holdBack(upstream, held);
      const second = users.map(({ n, invoke }) =>
        invoke(call(`second-${n}`), urls[n % 2]).then(
          (reply) => reply.status,
          () => 0,
        ),
      );
      await arrived;
      await relays[0].kill();
      const statuses = await Promise.all(second);
      expect(statuses.filter((_, n) => n % 2 === 1).every((status) => status === 200)).toBe(true);
      expect(statuses.filter((_, n) => n % 2 === 0).every((status) => status === 0)).toBe(true);

      // All come back to the relay that is left, with the same ids.
      const billedBefore = new Set(upstream.bills);
      upstream.replies.delete(PATH);
      await Promise.all(
        users.map(async ({ n, invoke }) => {
          expect(await (await invoke(first[n].request, urls[1])).json()).toEqual(first[n].answer);
          const repeat = await invoke(call(`second-${n}`), urls[1]);
          if (n % 2 === 1) expect(repeat.status).toBe(200);
          else if (billedBefore.has(`second-${n}`))
            expect(await refusal(repeat, 504, -2, 'unknown')).toContain('outcome unknown');
          // Nobody can know how far it had come: its intent may be stored, or not.
          else expect([200, 504]).toContain(repeat.status);
        }),
      );
      const calls = upstream.seen.filter(({ path }) => path === PATH).map(({ json }) => json.client_msg_id);
      expect(new Set(calls).size).toBe(calls.length);
      expect(new Set(upstream.bills).size).toBe(upstream.bills.length);
      expect(upstream.count('/cgi-bin/stable_token')).toBe(1);
    },
  );
});
