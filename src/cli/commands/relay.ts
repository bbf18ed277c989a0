import type { Command } from 'commander';
import type { RunningRelay } from '../../relay';
import { text } from '../../texts';
import { Failure } from '../failure';
import type { Output } from '../output';
import { parsePort } from '../parse-port';
import { addDenyCommands } from './relay-deny';
import { addRecordCommands } from './relay-records';

interface Options {
  config: string;
  port?: number;
  upstream?: string;
}

/** `relay`: see docs/en/deploy.md. It runs until SIGINT, SIGTERM or SIGHUP, then lets requests under way finish. */
export function addRelayCommand(program: Command, output: Output): void {
  const relayCommand = program
    .command('relay')
    .summary(text('relaySummary'))
    .description(text('relayDescription'))
    .requiredOption('--config <file>', text('relayConfig'))
    .option('--port <number>', text('relayPort'), parsePort)
    .option('--upstream <url>', text('relayUpstream'))
    .action(async ({ config, ...overrides }: Options) => {
      const relay = await start(config, overrides);
      const { address, url } = relay;
      output.out(
        url === address ? text('relayListens', { address }) : text('relayListensAs', { address, url }),
      );
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.once(signal, () => void relay.close());
      }
    });
  addRecordCommands(relayCommand, output);
  addDenyCommands(relayCommand, output);
}

/** Loaded only here: the other commands do without the relay. */
async function start(config: string, overrides: Omit<Options, 'config'>): Promise<RunningRelay> {
  const { loadRelayConfig, startRelay } = await import('../../relay');
  const options = await loadRelayConfig(config, overrides).catch(fail);
  return startRelay(options).catch((cause: NodeJS.ErrnoException) => {
    const fix = UNABLE_TO_LISTEN[cause.code ?? ''];
    const isKnown = fix && /^(?:listen|getaddrinfo)$/.test(cause.syscall ?? '');
    const { message } = cause;
    return fail(cause, isKnown ? text('relayFailed', { message, fix: text(fix) }) : message);
  });
}

/** The system says that it cannot listen, not what to do about it. */
const UNABLE_TO_LISTEN: Record<string, ListenFix | undefined> = {
  EADDRINUSE: 'relayPortTaken',
  EACCES: 'relayPortDenied',
  EADDRNOTAVAIL: 'relayNotHere',
  ENOTFOUND: 'relayHostUnknown',
  EAI_AGAIN: 'relayNoNameServer',
};

type ListenFix =
  'relayPortTaken' | 'relayPortDenied' | 'relayNotHere' | 'relayHostUnknown' | 'relayNoNameServer';

function fail(cause: Error, message = cause.message): never {
  throw new Failure(message, { cause });
}
