/** What the log of a relay leaves out, whoever writes to it. */
import { loggerOptions } from '../../src/relay/http/hooks/log';
import { openRelay } from './support/open-relay';

async function openLog() {
  const { app, log } = await openRelay();
  log.length = 0;
  return { log: app.log, lines: log };
}

test('is standard output from `info` on, where an owner sets nothing', () => {
  expect(loggerOptions(undefined)).toMatchObject({ level: 'info' });
  expect(loggerOptions(undefined)).not.toHaveProperty('stream');
  expect(loggerOptions({ level: 'warn' })).toMatchObject({ level: 'warn' });
  expect(loggerOptions(false)).toBe(false);
});

test.each(['authorization', 'credential', 'token', 'access_token', 'secret', 'session_key', 'js_code'])(
  'a value of the name %s is not written, down to the fourth level',
  async (key) => {
    const { log, lines } = await openLog();
    const secret = { [key]: 'SECRET' };
    log.info({ ...secret, a: { ...secret, b: { ...secret, c: secret } } }, 'something');
    expect(lines.join('')).not.toContain('SECRET');
    expect(lines.join('').match(/\[redacted\]/g)).toHaveLength(4);
  },
);

test('an error is written with its stack and its cause, and without what a library has put on it', async () => {
  const { log, lines } = await openLog();
  const error = Object.assign(new Error('outer', { cause: new Error('inner') }), {
    config: { headers: 'SECRET' },
  });
  log.error({ err: error }, 'it failed');
  const { err } = JSON.parse(lines.join('')) as { err: object };
  expect(err).toEqual({
    type: 'Error',
    message: 'outer',
    stack: expect.stringMatching(/^Error: outer\n[^]*\ncaused by: Error: inner\n/),
  });
});
