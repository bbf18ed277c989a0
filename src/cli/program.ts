import { Command, CommanderError } from 'commander';
import { InjectError, packageVersion } from '../inject';
import type { SourceLocation } from '../inject';
import { addDoctorCommand } from './commands/doctor';
import { addInitCommand } from './commands/init';
import { addInjectCommand } from './commands/inject';
import { addRelayCommand } from './commands/relay';
import { Failure } from './failure';
import type { Output } from './output';

const USAGE = 2;
const FAILED = 1;

/**
 * Runs the command line.
 *
 * @param args - without the names of node and script
 * @returns the exit code: 0 done, 1 a check or the input failed, 2 wrong usage
 * @throws any error that is a fault of this program, not of its input
 */
export async function run(args: string[], output: Output): Promise<number> {
  let code = 0;
  try {
    await createProgram(output, (failed) => (code = failed)).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    const failure = asFailure(error);
    if (!failure) throw error;
    if (args.includes('--json')) output.out(JSON.stringify({ status: 'failed', ...failure }));
    else output.err(failure.message);
    return FAILED;
  }
}

/** The project's and the system's errors; anything else is a fault of this program. */
function asFailure(error: unknown): ({ message: string } & Partial<SourceLocation>) | undefined {
  if (error instanceof InjectError) return { message: error.message, ...error.location };
  if (error instanceof Failure) return { message: error.message };
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  return { message: `Failed to reach a file: ${error.message}. Check that it is there and may be read.` };
}

function createProgram(output: Output, finish: (code: number) => void): Command {
  const program = new Command('miniprogram-servicemarket')
    .description('The newest wx.serviceMarket on every mini-program host.')
    .version(packageVersion())
    .showHelpAfterError('(add --help for the usage)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.out(text.trimEnd()),
      writeErr: (text) => output.err(text.trimEnd()),
      getOutHasColors: () => output.colour,
    });
  addInjectCommand(program, output, finish);
  addInitCommand(program, output);
  addDoctorCommand(program, output, finish);
  addRelayCommand(program, output);
  return program;
}
