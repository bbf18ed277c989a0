import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { RunningRelay } from '../../relay';
import { Failure } from '../failure';
import type { Output } from '../output';

interface Options {
  config: string;
  port?: number;
  upstream?: string;
}

/** `relay`: see docs/deploy.md. It runs until SIGINT or SIGTERM, then lets requests under way finish. */
export function addRelayCommand(program: Command, output: Output): void {
  program
    .command('relay')
    .summary('run the HTTPS relay')
    .description(
      'Runs the relay that holds the credentials of the channel "relay". Secrets come by environment only: WX_APPID, WX_SECRET, RELAY_JWT_SECRET, REDIS_URL, AWS_*; those that the configuration needs.',
    )
    .requiredOption('--config <file>', "the relay's configuration")
    .option('--port <number>', 'instead of the one in the configuration', parsePort)
    .option('--upstream <url>', "instead of the platform's server, for tests")
    .action(async ({ config, ...overrides }: Options) => {
      const relay = await start(config, overrides);
      const outside = relay.url === relay.address ? '' : `, as ${relay.url} for phones and services`;
      output.out(`The relay listens on ${relay.address}${outside}`);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void relay.close());
    });
}

/** Loaded only here: the other commands do without the relay. */
async function start(config: string, overrides: Omit<Options, 'config'>): Promise<RunningRelay> {
  const { loadRelayConfig, startRelay } = await import('../../relay');
  const options = await loadRelayConfig(config, overrides).catch(fail);
  return startRelay(options).catch((cause: NodeJS.ErrnoException) => {
    const fix = cause.code === undefined ? undefined : UNABLE_TO_LISTEN[cause.code];
    const isKnown = fix && /^(?:listen|getaddrinfo)$/.test(cause.syscall ?? '');
    return fail(cause, isKnown ? `Failed to start the relay: ${cause.message}. ${fix}.` : cause.message);
  });
}

/** The system says that it cannot listen, not what to do about it. */
const UNABLE_TO_LISTEN: Record<string, string | undefined> = {
  EADDRINUSE: 'Stop what listens there, or name another port by --port',
  EACCES: 'Name a port above 1023 by --port, and let a proxy take the other',
  EADDRNOTAVAIL: 'Correct "host" in the configuration: it is no address of this machine',
  ENOTFOUND: 'Correct "host" in the configuration: no address is known for it',
  EAI_AGAIN: 'Correct "host" in the configuration, or try again: no name server answers',
};

function fail(cause: Error, message = cause.message): never {
  throw new Failure(message, { cause });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new InvalidArgumentError('It is no number from 0 to 65535.');
}
