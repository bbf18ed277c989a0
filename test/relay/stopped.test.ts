/** The command `relay`, as it ships, that is stopped while a call is under way. */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../support/files';
import { startRelayCommand } from '../support/relay-command';
import { until } from '../support/until';
import { openUpstream } from './support/fake-upstream';
import { bearer } from './support/open-relay';
import { signInAs } from './support/relay-process';

const CALL = { service: 's', api: 'a', client_msg_id: 'id', data: '1' };

test('SIGTERM waits for a call whose client has left, and its outcome is kept', async () => {
  const upstream = await openUpstream();
  let answer = (): void => {};
  const arrived = new Promise<void>((arrive) =>
    upstream.replies.set('/wxa/servicemarket', async () => {
      arrive();
      await new Promise<void>((resolve) => (answer = resolve));
      return undefined;
    }),
  );
  const folder = temporaryFolder();
  const config = { folder, port: 0, upstream: upstream.url, users: { wx: true }, services: { s: ['a'] } };
  writeFileSync(join(folder, 'relay.json'), JSON.stringify(config));
  const env = { WX_APPID: 'wxapp', WX_SECRET: 'app-secret' };
  const { child, url } = await startRelayCommand(join(folder, 'relay.json'), env);
  const exited = once(child, 'exit');

  const { token } = await signInAs(url, 'ann');
  const leaving = new AbortController();
  const left = fetch(`${url}/invoke`, {
    method: 'POST',
    body: JSON.stringify(CALL),
    headers: { 'content-type': 'application/json', ...bearer(token) },
    signal: leaving.signal,
  }).catch(() => {});
  await arrived;
  leaving.abort();
  await left;
  child.kill('SIGTERM');
  const isDown = (): Promise<boolean> =>
    fetch(`${url}/healthz`).then(
      () => false,
      () => true,
    );
  await until(isDown, 'the relay accepted nothing more');
  // Long enough for an end that does not wait.
  await sleep(300);
  expect(child.exitCode).toBeNull();
  answer();
  expect(await exited).toEqual([0, null]);
  expect(readFileSync(join(folder, 'outcomes.jsonl'), 'utf8')).toContain('"errcode":0');
  expect(upstream.bills).toEqual(['id']);
});
