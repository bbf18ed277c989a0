import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { CallRecord, CallResult, OwnerRecords } from '../../relay';
import { text } from '../../texts';
import { Failure } from '../failure';
import { formatTable, printable } from '../output';
import type { Output } from '../output';

interface CommonOptions {
  config: string;
  app?: string;
  json?: boolean;
}

interface OutcomesOptions extends CommonOptions {
  id?: string;
  user?: string;
  since?: number;
  withAnswer?: boolean;
}

const USAGE_KEYS = ['service', 'user', 'day', 'appid'] as const;

interface UsageOptions extends CommonOptions {
  by: (typeof USAGE_KEYS)[number];
}

/** `relay outcomes` and `relay usage`: what owners look up beside a running relay; see docs/en/owners.md. */
export function addRecordCommands(relay: Command, output: Output): void {
  addSubcommand(relay, 'outcomes')
    .summary(text('outcomesSummary'))
    .description(text('outcomesDescription', { how: text('recordsConfig') }))
    .option('--app <appid>', text('optionApp'))
    .option('--id <id>', text('outcomesId'))
    .option('--user <user>', text('outcomesUser'))
    .option('--since <time>', text('outcomesSince'), parseTime)
    .option('--with-answer', text('outcomesAnswer'))
    .option('--json', text('optionJson'))
    .action(async (_options: object, command: Command) => {
      const options = command.optsWithGlobals<OutcomesOptions>();
      const { id, user, since, withAnswer, json } = options;
      if (id === undefined && user === undefined && since === undefined) {
        command.error(text('outcomesNeedsFilter'));
      }
      if (withAnswer && !json) command.error(text('outcomesAnswerNeedsJson'));
      const calls = await withRecords(options, output, (records) => {
        const digest = user === undefined ? undefined : records.digestUser(user);
        return records.findCalls({ id, user: digest, since, withAnswer });
      });
      output.out(json ? JSON.stringify({ calls: calls.map(toJson) }) : formatCalls(calls));
    });
  addSubcommand(relay, 'usage')
    .summary(text('usageSummary'))
    .description(text('usageDescription', { how: text('recordsConfig') }))
    .option('--app <appid>', text('optionApp'))
    .addOption(new Option('--by <key>', text('usageBy')).choices(USAGE_KEYS).default('service'))
    .option('--json', text('optionJson'))
    .action(async (_options: object, command: Command) => {
      const options = command.optsWithGlobals<UsageOptions>();
      const { by, json } = options;
      const { sumUsage } = await import('../../relay');
      const rows = sumUsage(by, await withRecords(options, output, (records) => records.readUsage()));
      if (by === 'day') rows.sort((one, other) => (one.day < other.day ? -1 : 1));
      if (json) return output.out(JSON.stringify({ usage: rows }));
      if (rows.length === 0) return output.out(text('usageNone'));
      const cells = rows.map((row) => [row[by], row.calls, row.failures, row.unknown].map(String));
      output.out(formatTable([text('usageHeader', { by }).split('|'), ...cells]));
    });
}

/** A command below `relay` that shows the options of `relay` in its help too. */
export function addSubcommand(relay: Command, name: string): Command {
  const command = relay.command(name);
  return command.configureHelp({ ...command.configureHelp(), showGlobalOptions: true });
}

async function withRecords<T>(
  { config, app }: CommonOptions,
  output: Output,
  work: (records: OwnerRecords) => Promise<T>,
): Promise<T> {
  const { openRecords } = await import('../../relay');
  try {
    const records = await openRecords(config, process.env, app, output.err);
    try {
      return await work(records);
    } finally {
      await records.close();
    }
  } catch (cause) {
    throw new Failure((cause as Error).message, { cause });
  }
}

function toJson({ at, requestId, ...call }: CallRecord): object {
  return { time: new Date(at).toISOString(), ...call, request_id: requestId };
}

const RESULTS: Record<CallResult, 'resultAnswered' | 'resultFailed' | 'resultUnknown' | 'resultOpen'> = {
  answered: 'resultAnswered',
  failed: 'resultFailed',
  unknown: 'resultUnknown',
  open: 'resultOpen',
};

function formatCalls(calls: readonly CallRecord[]): string {
  if (calls.length === 0) return text('outcomesNone');
  const rows = calls.map(({ at, user, service, api, id, result, errcode, requestId, ms, bytes }) =>
    [
      new Date(at).toISOString(),
      user,
      service,
      api,
      id,
      text(RESULTS[result]),
      errcode,
      requestId,
      ms,
      bytes,
    ].map((cell) => printable(String(cell ?? '-'))),
  );
  return formatTable([text('outcomesHeader').split('|'), ...rows]);
}

const UNITS_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @returns Unix ms */
function parseTime(argument: string): number {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(argument) ?? [];
  const at = unit ? Date.now() - Number(amount) * UNITS_MS[unit] : Date.parse(argument);
  if (Number.isNaN(at)) throw new InvalidArgumentError(text('badTime'));
  return at;
}
