/** `npm run demo -- --channel …`: the same page, its photo read by the real OCR service over every channel. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO, SAMPLE_LINES } from './sample';

const SAMPLE_TEXT = SAMPLE_LINES.join('\n');

/** The temporary folder of the demo: empty again afterwards. */
let temp: string;
beforeEach(() => (temp = mkdtempSync(join(tmpdir(), 'demo-channels-'))));
afterEach(() => {
  const left = readdirSync(temp);
  rmSync(temp, { recursive: true });
  expect(left).toEqual([]);
});

function run(...args: string[]): Promise<{ failed: boolean; stdout: string; stderr: string }> {
  const env = { ...process.env, TMPDIR: temp };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(DEMO, 'run.js'), '--json', ...args], { env }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, stdout, stderr }),
    );
  });
}

const RELAY_URL = /^http:\/\/127\.0\.0\.1:\d+\/files\//;
const CLOUD_URL = /^https:\/\/cloud\.simulator\.test\//;
const CDN_URL = /^https:\/\//;

it.each([
  ['relay', '1.6.0', 'relay', RELAY_URL, 'https'],
  ['relay', 'newest-without-serviceMarket', 'relay', RELAY_URL, 'https'],
  ['cloud', '2.8.3', 'cloud', CLOUD_URL, 'https'],
  ['cloud', 'newest-without-serviceMarket', 'cloud', CLOUD_URL, 'https'],
  ['bridge', 'newest-without-serviceMarket', 'bridge', CDN_URL, 'bridge'],
])(
  'over the %s on %s',
  async (channel, lib, uploadChannel, url, billed) => {
    const { stdout, stderr } = await run('--channel', channel, '--lib', lib);

    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      installed: { members: { invokeService: 'added', getAsyncResult: 'added', CDN: 'added' } },
      callChannel: channel,
      uploadChannel,
      uploads: [{ bytes: statSync(join(DEMO, 'sample.png')).size, url: expect.stringMatching(url) }],
      text: SAMPLE_TEXT,
      bills: [{ service: 'wx79ac3de8be320b71', api: 'OcrAllInOne', channel: billed }],
    });
  },
  60_000,
);

it('says what is missing where a channel cannot be', async () => {
  const { failed, stdout, stderr } = await run('--channel', 'cloud', '--lib', '1.6.0');

  expect({ failed, stdout }).toEqual({ failed: true, stdout: '' });
  expect(stderr).toMatch(/cloud: no wx\.cloud on this host/);
}, 60_000);
