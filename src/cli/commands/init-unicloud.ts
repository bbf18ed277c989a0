import type { Command } from 'commander';
import { initUnicloud } from '../../inject';
import type { Output } from '../output';
import { writesFunction } from './report-function';

/** `init unicloud`: see docs/inject.md. */
export function addInitUnicloudCommand(init: Command, output: Output): void {
  const command = init
    .command('unicloud')
    .summary('write a relay as a uniCloud function')
    .description(
      'Writes a uniCloud function that is a relay by its URL and holds the credentials, ready to upload, and says what to do next. A file that was changed is never overwritten.',
    )
    .argument('[project]', 'the uni-app project', '.');
  writesFunction(command, output, initUnicloud);
}
