import { join } from 'node:path';
import type { Command } from 'commander';
import { initCloudFunction } from '../../inject';
import { paint } from '../output';
import type { Output } from '../output';

interface Options {
  out?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** `init cloud-function`: see docs/inject.md. */
export function addInitCloudFunctionCommand(init: Command, output: Output): void {
  init
    .command('cloud-function')
    .summary('write the cloud function of the channel "cloud"')
    .description(
      'Writes the cloud function that holds the credentials of the channel "cloud", ready to upload, and says what to do next. A file that was changed is never overwritten.',
    )
    .argument('[project]', 'folder with project.config.json', '.')
    .option('--out <dir>', "the function's folder, instead of its place in the project")
    .option('--dry-run', 'say what would be done and write nothing')
    .option('--json', 'print the result as JSON')
    .action((project: string, _own: Options, command: Command) => {
      // "init" has options of the same names, and takes them first.
      const options = command.optsWithGlobals<Options>();
      const result = initCloudFunction(project, options);
      if (options.json) return output.out(JSON.stringify(result));
      const { folder, created, kept, next } = result;
      for (const [what, names] of Object.entries({ created, kept })) {
        const style = what === 'created' ? 'green' : 'dim';
        for (const name of names) output.out(`${paint(output, style, what)}  ${join(folder, name)}`);
      }
      output.out(`\n${paint(output, 'bold', 'Next')}`);
      next.forEach((step, index) => output.out(`${index + 1}. ${step}`));
    });
}
