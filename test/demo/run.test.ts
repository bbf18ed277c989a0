import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO, photograph, SAMPLE_LINES } from './support/sample';
import { folderThatStaysEmpty } from './support/folder';
import { temporaryFolder } from '../support/files';

const SAMPLE = join(DEMO, 'sample.png');
const SAMPLE_TEXT = SAMPLE_LINES.join('\n');
const OTHER_LINES = ['PLATFORM SEVEN', 'The quick brown fox', 'jumps over the lazy dog', '0123456789'];

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

describe('npm run demo', () => {
  /** Pictures of the tests, and the temporary folder of the demo itself. */
  let pictures: string;
  let temp: string;

  beforeEach(() => {
    pictures = temporaryFolder();
    temp = folderThatStaysEmpty();
  });

  function picture(name: string, content: Buffer | string): string {
    const file = join(pictures, name);
    writeFileSync(file, content);
    return file;
  }

  /** Runs the demo; the signal is sent once stdout holds `interruptAt`. */
  function run(
    args: string[],
    { interruptAt = '', signal = 'SIGINT' as NodeJS.Signals, env = {} } = {},
  ): Promise<Outcome> {
    const child = spawn(process.execPath, [join(DEMO, 'run.js'), ...args], {
      env: { ...process.env, TMPDIR: temp, ...env },
    });
    const outcome = { stdout: '', stderr: '' };
    child.stdout.on('data', (text) => {
      outcome.stdout += String(text);
      if (interruptAt && outcome.stdout.includes(interruptAt)) child.kill(signal);
    });
    child.stderr.on('data', (text) => (outcome.stderr += String(text)));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...outcome })));
  }

  it('reads the sample over bridge and relay, and says so in JSON', async () => {
    const { code, stdout, stderr } = await run(['--json']);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = JSON.parse(stdout);
    expect(result).toEqual({
      baseLibrary: '2.8.3',
      platform: 'android',
      installed: { members: { invokeService: 'added', getAsyncResult: 'added', CDN: 'added' } },
      callChannel: 'bridge',
      uploadChannel: 'relay',
      uploads: [
        {
          bytes: statSync(SAMPLE).size,
          url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/files\//),
          ms: expect.any(Number),
        },
      ],
      text: SAMPLE_TEXT,
      requestId: expect.stringMatching(/./),
      bills: [
        expect.objectContaining({ service: 'wx79ac3de8be320b71', api: 'OcrAllInOne', channel: 'bridge' }),
      ],
      ms: expect.any(Number),
    });
    expect(result.ms).toBeGreaterThan(result.uploads[0].ms);
  });

  it('reads another picture', async () => {
    const file = picture('other.png', photograph(OTHER_LINES));
    const { code, stdout } = await run(['--image', file, '--json', '--platform', 'ios', '--lib', '1.6.0']);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      baseLibrary: '1.6.0',
      platform: 'ios',
      uploads: [{ bytes: statSync(file).size }],
      text: OTHER_LINES.join('\n'),
    });
  });

  it('looks for the picture where npm was called', async () => {
    const INIT_CWD = pictures;
    const { stderr } = await run(['--image', 'missing.png'], { env: { INIT_CWD } });
    expect(stderr).toContain(`Failed to read ${join(pictures, 'missing.png')}: there is no such file`);
  });

  it.each([
    ['2.9.4', 'cloud'],
    ['2.11.0', 'relay'],
  ])('says that base library %s needs no %s', async (lib, channel) => {
    const { code, stdout } = await run(['--lib', lib, '--channel', channel]);

    expect(code).toBe(0);
    expect(stdout).toContain(
      `--channel ${channel} had no effect: base library ${lib} carries this call itself`,
    );
    expect(stdout).toContain('Called over the native');
  });

  it('leaves a complete host alone', async () => {
    const { code, stdout } = await run(['--json', '--lib', 'newest']);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      installed: { members: { invokeService: 'native', getAsyncResult: 'native', CDN: 'native' } },
      callChannel: 'native',
      uploadChannel: 'native',
      text: SAMPLE_TEXT,
    });
  });

  it.each([
    ['1.9.6', 'bridge', 'bridge', 'relay'],
    ['2.8.3', 'relay', 'relay', 'relay'],
    ['2.11.0', 'bridge', 'native', 'native'],
    ['newest', 'bridge', 'native', 'native'],
  ])(
    'reads it by a plugin on %s over the %s, on the bill of the mini-program',
    async (lib, channel, callChannel, uploadChannel) => {
      const { code, stdout, stderr } = await run(['--plugin', '--json', '--lib', lib, '--channel', channel]);

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { bills, ...result } = JSON.parse(stdout);
      expect(result).toMatchObject({ callChannel, uploadChannel, text: SAMPLE_TEXT });
      expect(bills).toHaveLength(1);
      expect(bills[0].by).not.toBe('wxdemoreader00000');
    },
  );

  it('prints each step, the progress of the upload, and the text', async () => {
    const { code, stdout, stderr } = await run([]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    const order = [
      /Relay started/,
      /runtime injected/,
      /invokeService added/,
      /Photo chosen/,
      /Uploading: 100%/,
    ]
      .concat(/over the relay/, /over the bridge: .* 1 bill/)
      .map((step) => lines.findIndex((line) => step.test(line)));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBe(0);
    expect(stdout.endsWith(`\n\n${SAMPLE_TEXT}\n`)).toBe(true);
  });

  it('says that a blank photo has no text', async () => {
    const { code, stdout } = await run(['--image', picture('blank.png', photograph([' ', ' ']))]);

    expect(code).toBe(0);
    expect(stdout.endsWith('\n\n(no text on the photo)\n')).toBe(true);
  });

  it.each<[string, () => string, string]>([
    ['is missing', () => join(pictures, 'missing.png'), 'there is no such file'],
    ['is a folder', () => pictures, 'it is a folder'],
    ['is empty', () => picture('empty.png', ''), 'the file is empty'],
    ['is a text', () => picture('text.png', 'Hello'), 'its bytes are no PNG, JPEG, WebP or BMP'],
    [
      'is cut off',
      () => picture('cut.png', readFileSync(SAMPLE).subarray(0, 60_000)),
      'its bytes are damaged',
    ],
  ])('refuses a photo that %s', async (_name, file, message) => {
    const { code, stdout, stderr } = await run(['--json', '--image', file()]);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    [['--colour'], "Unknown option '--colour'"],
    [['photo.png'], "Unexpected argument 'photo.png'"],
    [['--image'], 'argument missing'],
    [['--lib', '9.9.9'], '--lib is "9.9.9". Use one of 1.6.0'],
    [['--platform', 'windows'], '--platform is "windows". Use one of android, ios'],
    [['--channel', 'fax'], '--channel is "fax". Use one of bridge, relay, cloud'],
    [['--plugin', '--lib', '1.6.0'], 'base library 1.6.0 runs no plugins. Use --lib 1.9.6 or newer'],
  ])('refuses %p with the usage', async (args, message) => {
    const { code, stdout, stderr } = await run(args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('Usage: npm run demo');
  });

  it('shows the usage on request', async () => {
    const { code, stdout, stderr } = await run(['--help']);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: npm run demo/);
  });

  it('speaks Chinese on request', async () => {
    expect((await run(['--help', '--lang', 'zh'])).stdout).toMatch(/^用法：npm run demo[\s\S]*显示本说明\n$/);
    expect((await run(['--lang=zh', '--image', 'none.png'])).stderr).toMatch(
      /^无法读取 .*none\.png：没有这个文件/,
    );

    const { code, stdout } = await run(['--lang', 'zh']);

    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ 中继已启动[\s\S]*✓ 已选择照片[\s\S]*✓ 已通过 bridge 调用[\s\S]*识别结果/);
  });

  it.each<[NodeJS.Signals, number]>([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('leaves nothing behind when it gets %s', async (signal, expected) => {
    const { code, stdout } = await run([], { interruptAt: 'Photo chosen', signal });

    expect(code).toBe(expected);
    expect(stdout).not.toContain('CORNER');
  });
});
