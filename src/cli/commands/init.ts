import type { Command } from 'commander';
import { initProject } from '../../inject';
import { addInitCloudFunctionCommand } from './init-cloud-function';
import { addInitUnicloudCommand } from './init-unicloud';
import { paint } from '../output';
import type { Output } from '../output';

/** `init`: see docs/inject.md. */
export function addInitCommand(program: Command, output: Output): void {
  const init = program
    .command('init')
    .summary('write the configuration and the DevTools hooks')
    .description(
      'Writes servicemarket.config.json where there is none, and lets DevTools inject before it compiles, previews and uploads (scripts in project.config.json). What is there stays.',
    )
    .argument('[project]', 'folder with project.config.json', '.')
    .option('--dry-run', 'say what would be done and write nothing')
    .option('--json', 'print the result as JSON')
    .action((project: string, options: { dryRun?: boolean; json?: boolean }) => {
      const { changed, created, notes } = initProject(project, options);
      if (options.json) return output.out(JSON.stringify({ changed, created }));
      if (options.dryRun) output.out('dry run: nothing was written');
      if (!changed.length && !created.length) output.out('everything is there already; nothing was changed');
      for (const [what, paths] of Object.entries({ created, changed })) {
        for (const path of paths) output.out(`${paint(output, 'green', what)}  ${path}`);
      }
      for (const note of notes) output.err(`note: ${note}`);
    });
  addInitCloudFunctionCommand(init, output);
  addInitUnicloudCommand(init, output);
}
