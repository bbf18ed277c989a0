/** What `playground` runs, in a process of its own: the packages that it needs lie above it. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findOwnPackage } from '../../inject';
import { languageOf, text, useLanguage } from '../../texts';
import { buildPlayground } from './build-site';
import { startPlayground } from './start-playground';

// The terminal, or a reader such as `head`, may be gone before the last line: that shall not cut the end short.
process.stdout.on('error', () => {});

/** The command has checked the arguments. */
const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, build: { type: 'string' } },
});
useLanguage(languageOf({ LANG: process.env.SERVICEMARKET_LANG }, 'en'));

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(error: NodeJS.ErrnoException): void {
  const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
  const { message } = error;
  process.stderr.write(`${taken ? text('playgroundPortTaken', { message }) : message}\n`);
  process.exitCode = 1;
}

const page = join(findOwnPackage(), 'dist/playground');

async function start(): Promise<void> {
  // From the start on, and for good: a signal before everything runs, or a second one, must not leave files behind.
  const ended = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
  });
  const { url, close } = await startPlayground({ port: Number(values.port), folder: page });
  print(text('playgroundRuns', { url }));
  await ended;
  await close();
  print(text('playgroundEnded'));
}

async function build(out: string): Promise<void> {
  buildPlayground({ page, out });
  print(text('playgroundBuilt', { folder: out }));
}

(values.build === undefined ? start() : build(values.build)).catch(fail);
