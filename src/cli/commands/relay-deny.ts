import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { Denial, OwnerDenials } from '../../relay';
import { text } from '../../texts';
import { Failure } from '../failure';
import type { Output } from '../output';
import { addSubcommand } from './relay-records';

interface DenyOptions {
  config: string;
  app?: string;
  user?: string;
  service?: string;
}

/** `relay deny` and `relay allow`: see docs/en/owners.md. */
export function addDenyCommands(relay: Command, output: Output): void {
  addCommand('deny', 'denied');
  addCommand('allow', 'allowed');

  function addCommand(name: 'deny' | 'allow', done: 'denied' | 'allowed'): void {
    addSubcommand(relay, name)
      .summary(text(`${name}Summary`))
      .description(text(`${name}Description`))
      .option('--app <appid>', text('optionApp'))
      .option('--user <user>', text('denyUser'), parseUser)
      .option('--service <service>', text('denyService'))
      .action(async (_options: object, command: Command) => {
        const options = command.optsWithGlobals<DenyOptions>();
        const { user, service } = options;
        const denials: Denial[] = [];
        if (user !== undefined) denials.push({ kind: 'user', name: user });
        if (service !== undefined) denials.push({ kind: 'service', name: service });
        if (denials.length === 0) command.error(text('denyNeedsName'));
        await withDenials(options, async (list) => {
          for (const denial of denials) {
            await list[name](denial);
            output.out(text(done, { name: denial.name }));
          }
        });
      });
  }
}

/** One that is written otherwise would be denied without any effect. */
function parseUser(user: string): string {
  if (/^(?:wx|jwt):./.test(user)) return user;
  throw new InvalidArgumentError(text('denyUserUnknown'));
}

async function withDenials(
  { config, app }: DenyOptions,
  work: (denials: OwnerDenials) => Promise<void>,
): Promise<void> {
  const { openDenials } = await import('../../relay');
  try {
    const denials = await openDenials(config, process.env, app);
    try {
      await work(denials);
    } finally {
      await denials.close();
    }
  } catch (cause) {
    throw new Failure((cause as Error).message, { cause });
  }
}
