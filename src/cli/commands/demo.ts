import type { Command } from 'commander';
import { text } from '../../texts';
import type { Output } from '../output';
import { hasPackages } from '../demo/packages';
import { providePackages } from '../demo/provide-packages';
import { runPackaged } from '../demo/run-packaged';

/** `demo`: see demo-miniprogram/README.md. Its options are its own, which `demo --help` lists. */
export function addDemoCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command('demo')
    .summary(text('demoSummary'))
    .description(text('demoDescription'))
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .option('-y, --yes', text('initYes'))
    .action(async (options: { yes?: boolean }, command: Command) => {
      const wantsHelp = command.args.some((argument) => argument === '--help' || argument === '-h');
      const fetched = wantsHelp || hasPackages() ? undefined : await providePackages(options, output);
      finish(await runPackaged('demo-miniprogram/run.js', command.args, fetched));
    });
}
