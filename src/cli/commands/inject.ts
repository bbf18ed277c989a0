import type { Command } from 'commander';
import { injectProject, removeInjection } from '../../inject';
import type { InjectResult, RemoveResult } from '../../inject';
import { text } from '../../texts';
import { paint } from '../output';
import type { Output } from '../output';

interface Options {
  out?: string;
  config?: string;
  dryRun?: boolean;
  check?: boolean;
  remove?: boolean;
  json?: boolean;
}

/** `inject`: see docs/en/inject.md. */
export function addInjectCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command('inject')
    .summary(text('injectSummary'))
    .description(text('injectDescription'))
    .argument('[project]', text('argumentProject'), '.')
    .option('--out <dir>', text('injectOut'))
    .option('--config <file>', text('injectConfig'))
    .option('--dry-run', text('optionDryRun'))
    .addOption(program.createOption('--check', text('injectCheck')).conflicts(['out', 'dryRun', 'remove']))
    .addOption(program.createOption('--remove', text('injectRemove')).conflicts(['out', 'config']))
    .option('--json', text('optionJson'))
    .addHelpText('after', text('injectExamples'))
    .action((project: string, options: Options) => {
      if (options.remove) return print(output, removeInjection(project, options), options);
      const result = injectProject(project, options);
      print(output, result, options);
      const isStale = result.status === 'stale' || result.status === 'missing';
      if (!isStale && !result.left) return;
      const command = `npx miniprogram-servicemarket inject${project === '.' ? '' : ` ${project}`}`;
      // Removal takes out everything, so the package roots that are still enabled are injected again.
      const removal = `${command} --remove`;
      const repair = result.status === 'off' ? removal : text('thenRun', { first: removal, second: command });
      if (!options.json) output.err(text('run', { command: isStale ? command : repair }));
      if (options.check) finish(1);
    });
}

/** The names of the lists of a check, which creates and changes nothing. */
const FOUND: Partial<Record<string, Record<string, string>>> = {
  missing: { created: 'missing', changed: 'without it' },
  stale: { created: 'missing', changed: 'stale' },
};

const STYLES: Partial<Record<(InjectResult | RemoveResult)['status'], 'yellow' | 'dim'>> = {
  missing: 'yellow',
  stale: 'yellow',
  off: 'dim',
  absent: 'dim',
};

function print(output: Output, result: InjectResult | RemoveResult, { dryRun, json }: Options): void {
  const { status, changed, notes, ...lists } = result;
  if (json) return output.out(JSON.stringify({ status, changed, ...lists }));
  const meaning = text(
    status === 'off' && 'left' in result ? 'offButLeft' : status === 'missing' ? 'notInjected' : status,
  );
  const style = STYLES[status] ?? 'green';
  output.out(`${paint(output, style, status)}: ${meaning}${dryRun ? text('dryRunSuffix') : ''}`);
  for (const [list, paths] of Object.entries({ ...lists, changed })) {
    const heading = FOUND[status]?.[list] ?? list;
    for (const path of paths) output.out(`  ${paint(output, 'dim', heading)}  ${path}`);
  }
  for (const { path, text: remark } of notes)
    output.err(text('note', { text: path === undefined ? remark : `${path} ${remark}` }));
}
