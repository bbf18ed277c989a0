import type { Command } from 'commander';
import { initCloudFunction } from '../../inject';
import type { Output } from '../output';
import { writesFunction } from './report-function';

/** `init cloud-function`: see docs/inject.md. */
export function addInitCloudFunctionCommand(init: Command, output: Output): void {
  const command = init
    .command('cloud-function')
    .summary('write the cloud function of the channel "cloud"')
    .description(
      'Writes the cloud function that holds the credentials of the channel "cloud", ready to upload, and says what to do next. A file that was changed is never overwritten.',
    )
    .argument('[project]', 'folder with project.config.json', '.');
  writesFunction(command, output, initCloudFunction);
}
