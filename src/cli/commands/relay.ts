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

/** Loaded only here: the relay's packages are optional peers that the other commands do without. */
async function start(config: string, overrides: Omit<Options, 'config'>): Promise<RunningRelay> {
  try {
    const { loadRelayConfig, startRelay } = await import('../../relay');
    return await startRelay(await loadRelayConfig(config, overrides));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'MODULE_NOT_FOUND') throw new Failure(message, { cause });
    const fix = 'npm install fastify @fastify/multipart @fastify/cors';
    throw new Failure(`Failed to start the relay: ${message.split('\n')[0]}. Run: ${fix}`, { cause });
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new InvalidArgumentError('It is no number from 0 to 65535.');
}
