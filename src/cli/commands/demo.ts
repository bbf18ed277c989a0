import type { Command } from 'commander';
import { text } from '../../texts';
import { Failure } from '../failure';
import { formatTable } from '../output';
import type { Output } from '../output';
import { fetchPackages, findFetched, hasPackages, listFetched } from '../demo/packages';
import { runDemo } from '../demo/run-demo';

/** Of all packages that are fetched, those below this many bytes are told as a sum. */
const LARGE_BYTES = 100_000;

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
      const fetched = wantsHelp || hasPackages() ? undefined : await provide(options, output);
      finish(await runDemo(command.args, fetched));
    });
}

/** @returns the folder with what the demo needs, fetched where it is not there yet */
async function provide({ yes }: { yes?: boolean }, output: Output): Promise<string> {
  const present = findFetched();
  if (present !== undefined) return present;
  const { folder, packages } = listFetched();
  const total = megabytes(packages.reduce((sum, { bytes }) => sum + bytes, 0));
  output.err(text('demoNeeds', { total, folder }));
  output.err(formatPackages(packages));
  if (!yes && !output.ask) throw new Failure(text('demoSayYes'));
  if (!yes && !(await output.ask?.(text('demoAsk')))) throw new Failure(text('demoRefused'));
  output.err(text('demoFetching'));
  return fetchPackages();
}

function formatPackages(packages: ReturnType<typeof listFetched>['packages']): string {
  const large = packages.filter(({ bytes }) => bytes >= LARGE_BYTES);
  const small = packages.filter(({ bytes }) => bytes < LARGE_BYTES);
  const rest = small.reduce((sum, { bytes }) => sum + bytes, 0);
  return formatTable([
    ...large
      .sort((one, other) => other.bytes - one.bytes)
      .map(({ name, version, bytes }) => [`  ${name} ${version}`, megabytes(bytes)]),
    [`  ${text('demoSmall', { count: small.length })}`, megabytes(rest)],
  ]);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
