import type { Command } from 'commander';
import { initUnicloud } from '../../inject';
import { text } from '../../texts';
import type { Output } from '../output';
import { writesFunction } from './report-function';

/** `init unicloud`: see docs/inject.md. */
export function addInitUnicloudCommand(init: Command, output: Output): void {
  const command = init
    .command('unicloud')
    .summary(text('unicloudSummary'))
    .description(text('unicloudDescription'))
    .argument('[project]', text('unicloudProject'), '.');
  writesFunction(command, output, initUnicloud);
}
