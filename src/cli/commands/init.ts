import type { Command } from 'commander';
import { initProject } from '../../inject';
import { addInitCloudFunctionCommand } from './init-cloud-function';
import { addInitUnicloudCommand } from './init-unicloud';
import { text } from '../../texts';
import { paint } from '../output';
import type { Output } from '../output';

/** `init`: see docs/inject.md. */
export function addInitCommand(program: Command, output: Output): void {
  const init = program
    .command('init')
    .summary(text('initSummary'))
    .description(text('initDescription'))
    .argument('[project]', text('initProject'), '.')
    .option('--dry-run', text('optionDryRun'))
    .option('--json', text('optionJson'))
    .action((project: string, options: { dryRun?: boolean; json?: boolean }) => {
      const { changed, created, notes } = initProject(project, options);
      if (options.json) return output.out(JSON.stringify({ changed, created }));
      if (options.dryRun) output.out(text('dryRun'));
      if (!changed.length && !created.length) output.out(text('initNothing'));
      for (const [what, paths] of Object.entries({ created, changed })) {
        for (const path of paths) output.out(`${paint(output, 'green', what)}  ${path}`);
      }
      for (const note of notes) output.err(text('note', { text: note }));
    });
  addInitCloudFunctionCommand(init, output);
  addInitUnicloudCommand(init, output);
}
