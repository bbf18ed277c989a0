/** What `playground` runs, in a process of its own: the packages that it needs lie above it. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findOwnPackage } from '../../inject';
import { languageOf, text, useLanguage } from '../../texts';
import { buildPlayground } from './build-site';
import { startPlayground } from './start-playground';

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
  const { url, close } = await startPlayground({ port: Number(values.port), folder: page });
  print(text('playgroundRuns', { url }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void close().then(() => print(text('playgroundEnded'))));
  }
}

async function build(out: string): Promise<void> {
  buildPlayground({ page, out });
  print(text('playgroundBuilt', { folder: out }));
}

(values.build === undefined ? start() : build(values.build)).catch(fail);
