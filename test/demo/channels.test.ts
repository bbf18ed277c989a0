/** `npm run demo -- --channel …`: the same page, its photo read by the real OCR service over every channel. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DEMO, SAMPLE_LINES } from './support/sample';
import { folderThatStaysEmpty } from './support/folder';

const { SETUPS } = jest.requireActual<{ SETUPS: Record<string, string[]> }>(
  '../../demo-miniprogram/run/setups',
);
const { makeProjects } = jest.requireActual<{ makeProjects: MakeProjects }>(
  '../../demo-miniprogram/run/projects',
);

type MakeProjects = (
  request: { channels: string[]; plugin: boolean },
  relayUrl: string,
  workspace: { folder: string },
) => { out: string; files: string[] };

const RELAY = 'https://relay.example.com';
const SAMPLE_TEXT = SAMPLE_LINES.join('\n');

/** The temporary folder of the demo. */
let temp: string;
beforeEach(() => (temp = folderThatStaysEmpty()));

function run(...args: string[]): Promise<{ failed: boolean; stdout: string; stderr: string }> {
  const env = { ...process.env, TMPDIR: temp };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(DEMO, 'run.js'), '--json', ...args], { env }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, stdout, stderr }),
    );
  });
}

/** The content of each file of a project's pages, by its path. */
function pagesOf(project: string): Record<string, string> {
  const root = join(project, 'miniprogram');
  const entries = readdirSync(join(root, 'pages'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [relative(root, file), readFileSync(file, 'utf8')]));
}

const RELAY_URL = /^http:\/\/127\.0\.0\.1:\d+\/files\//;
const CLOUD_URL = /^https:\/\/cloud\.simulator\.test\//;
const CDN_URL = /^https:\/\//;

it.each([
  ['relay', '1.6.0', 'relay', RELAY_URL, 'https'],
  ['relay', '2.8.3', 'relay', RELAY_URL, 'https'],
  ['relay', 'newest-without-serviceMarket', 'relay', RELAY_URL, 'https'],
  ['cloud', '2.8.3', 'cloud', CLOUD_URL, 'https'],
  ['cloud', 'newest-without-serviceMarket', 'cloud', CLOUD_URL, 'https'],
  ['bridge', '2.8.3', 'relay', RELAY_URL, 'bridge'],
  ['bridge', 'newest-without-serviceMarket', 'bridge', CDN_URL, 'bridge'],
])('over the %s on %s', async (channel, lib, uploadChannel, url, billed) => {
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
});

it.each(Object.entries(SETUPS))('the pages are the same files over the %s', (_channel, channels) => {
  const { out, files } = makeProjects({ channels, plugin: false }, RELAY, { folder: temp });
  const pages = pagesOf(DEMO);

  expect(pages).toHaveProperty(['pages/ocr/ocr.js']);
  expect(pagesOf(out)).toEqual(pages);
  expect(files).toEqual(['miniprogram/servicemarket-compat.js', 'miniprogram/app.js']);
  rmSync(out, { recursive: true });
});

it('says what is missing where a channel cannot be', async () => {
  const { failed, stdout, stderr } = await run('--channel', 'cloud', '--lib', '1.6.0');

  expect({ failed, stdout }).toEqual({ failed: true, stdout: '' });
  expect(stderr).toMatch(/cloud: no wx\.cloud on this host/);
});
