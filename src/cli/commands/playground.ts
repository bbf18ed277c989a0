import { resolve } from 'node:path';
import type { Command } from 'commander';
import { text } from '../../texts';
import { hasPackages } from '../demo/packages';
import { providePackages } from '../demo/provide-packages';
import { runPackaged } from '../demo/run-packaged';
import type { Output } from '../output';
import { parsePort } from '../parse-port';

interface Options {
  build?: string;
  port?: number;
  yes?: boolean;
}

/** `playground`: see docs/en/playground.md. It runs until SIGINT, SIGTERM or SIGHUP. */
export function addPlaygroundCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command('playground')
    .summary(text('playgroundSummary'))
    .description(text('playgroundDescription'))
    .option('--port <number>', text('playgroundPort'), parsePort)
    .option('--build <dir>', text('playgroundBuild'))
    .option('-y, --yes', text('initYes'))
    .action(async ({ build, port, yes }: Options) => {
      const fetched = hasPackages() ? undefined : await providePackages({ yes }, output);
      const args = [
        ...(port === undefined ? [] : [`--port=${port}`]),
        ...(build === undefined ? [] : [`--build=${resolve(build)}`]),
      ];
      finish(await runPackaged('dist/node/playground.js', args, fetched));
    });
}
