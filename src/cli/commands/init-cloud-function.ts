import type { Command } from 'commander';
import { initCloudFunction } from '../../inject';
import { text } from '../../texts';
import type { Output } from '../output';
import { writesFunction } from './report-function';

/** `init cloud-function`: see docs/inject.md. */
export function addInitCloudFunctionCommand(init: Command, output: Output): void {
  const command = init
    .command('cloud-function')
    .summary(text('cloudSummary'))
    .description(text('cloudDescription'))
    .argument('[project]', text('initProject'), '.');
  writesFunction(command, output, initCloudFunction);
}
