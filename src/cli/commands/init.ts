import type { Command } from 'commander';
import { initProject, undoInit } from '../../inject';
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
    .option('--undo', text('initUndo'))
    .option('--json', text('optionJson'))
    .action((project: string, options: { dryRun?: boolean; undo?: boolean; json?: boolean }) => {
      const { notes, ...lists } = options.undo ? undoInit(project, options) : initProject(project, options);
      const { changed, created, deleted } = lists;
      if (options.json) return output.out(JSON.stringify(options.undo ? lists : { changed, created }));
      if (options.dryRun) output.out(text('dryRun'));
      if (!changed.length && !created.length && !deleted.length)
        output.out(text(options.undo ? 'initUndone' : 'initNothing'));
      for (const [what, paths] of Object.entries({ created, changed, deleted })) {
        for (const path of paths) output.out(`${paint(output, 'green', what)}  ${path}`);
      }
      for (const note of notes) output.err(text('note', { text: note }));
    });
  addInitCloudFunctionCommand(init, output);
  addInitUnicloudCommand(init, output);
}
