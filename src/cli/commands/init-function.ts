import { join } from 'node:path';
import type { Command } from 'commander';
import { initCloudFunction, initUnicloud } from '../../inject';
import type { FunctionOptions, FunctionResult } from '../../inject';
import { text } from '../../texts';
import { paint } from '../output';
import type { Output } from '../output';

/** `init cloud-function`: see docs/en/inject.md. */
export function addInitCloudFunctionCommand(init: Command, output: Output): void {
  const command = init
    .command('cloud-function')
    .summary(text('cloudSummary'))
    .description(text('cloudDescription'))
    .argument('[project]', text('initProject'), '.');
  writesFunction(command, output, initCloudFunction);
}

/** `init unicloud`: see docs/en/inject.md. */
export function addInitUnicloudCommand(init: Command, output: Output): void {
  const command = init
    .command('unicloud')
    .summary(text('unicloudSummary'))
    .description(text('unicloudDescription'))
    .argument('[project]', text('unicloudProject'), '.');
  writesFunction(command, output, initUnicloud);
}

/** Adds the options and the report of a subcommand of `init` that writes a function. */
function writesFunction(
  command: Command,
  output: Output,
  write: (project: string, options: FunctionOptions) => FunctionResult,
): void {
  command
    .option('--out <dir>', text('functionOut'))
    .option('--dry-run', text('optionDryRun'))
    .option('--json', text('optionJson'))
    .action((project: string, _own: FunctionOptions, ran: Command) => {
      // "init" has options of the same names, and reads them first.
      const options = ran.optsWithGlobals<FunctionOptions & { json?: boolean }>();
      const result = write(project, options);
      if (options.json) return output.out(JSON.stringify(result));
      if (options.dryRun) output.out(text('dryRun'));
      report(result, output);
    });
}

function report({ folder, created, updated, kept, next }: FunctionResult, output: Output): void {
  for (const [what, names] of Object.entries({ created, updated, kept })) {
    const style = what === 'kept' ? 'dim' : 'green';
    for (const name of names) output.out(`${paint(output, style, what)}  ${join(folder, name)}`);
  }
  output.out(`\n${paint(output, 'bold', text('next'))}`);
  next.forEach((step, index) => output.out(`${index + 1}. ${step}`));
}
