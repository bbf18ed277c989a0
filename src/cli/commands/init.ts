import type { Command } from 'commander';
import { diagnose, initProject, InjectError, undoInit } from '../../inject';
import type { InitResult } from '../../inject';
import { text } from '../../texts';
import { formatTable, paint } from '../output';
import type { Output } from '../output';
import { formatFindings } from './doctor';
import { addInitCloudFunctionCommand, addInitUnicloudCommand } from './init-function';

interface Options {
  dryRun?: boolean;
  undo?: boolean;
  json?: boolean;
  yes?: boolean;
}

/** `init`: see docs/en/inject.md. */
export function addInitCommand(program: Command, output: Output): void {
  const init = program
    .command('init')
    .summary(text('initSummary'))
    .description(text('initDescription'))
    .argument('[project]', text('initProject'), '.')
    .option('-y, --yes', text('initYes'))
    .option('--dry-run', text('optionDryRun'))
    .option('--undo', text('initUndo'))
    .option('--json', text('optionJson'))
    .action((project: string, options: Options) => runInit(project, options, output));
  addInitCloudFunctionCommand(init, output);
  addInitUnicloudCommand(init, output);
}

async function runInit(project: string, options: Options, output: Output): Promise<void> {
  const run = options.undo ? undoInit : initProject;
  if (options.json) {
    const { changed, created, deleted } = run(project, options);
    return output.out(JSON.stringify({ changed, created, ...(options.undo ? { deleted } : {}) }));
  }
  // What will be done, before anything is.
  const plan = run(project, { dryRun: true });
  const hasWork = plan.changed.length + plan.created.length + plan.deleted.length > 0;
  output.out(text('initDetected', { project: plan.project }));
  if (options.dryRun) output.out(text('dryRun'));
  if (hasWork) output.out(formatPlan(plan, output));
  else output.out(text(options.undo ? 'initUndone' : 'initNothing'));
  if (hasWork && !options.dryRun) {
    if (!options.yes && output.ask && !(await output.ask(text('initAsk')))) {
      return output.out(text('initRefused'));
    }
    run(project);
  }
  for (const note of plan.notes) output.err(text('note', { text: note }));
  if (!options.dryRun && !options.undo) reportDoctor(project, output);
}

function formatPlan({ created, changed, deleted, purposes }: InitResult, output: Output): string {
  const rows = Object.entries({ create: created, change: changed, delete: deleted }).flatMap(
    ([what, paths]) =>
      paths.map((path) => [paint(output, 'green', what), path, what === 'delete' ? '' : purposes[path]]),
  );
  return formatTable(rows).replace(/ +$/gm, '');
}

/** What is left to do. Where nothing is packed yet, doctor has nothing to look at. */
function reportDoctor(project: string, output: Output): void {
  try {
    const { findings } = diagnose(project);
    output.out(`\n${paint(output, 'bold', text('initDoctor'))}\n${formatFindings(findings, output)}`);
  } catch (error) {
    const isEmpty = error instanceof InjectError && ['manifestMissing', 'noProject'].includes(error.code);
    if (!isEmpty) throw error;
  }
}
