import { Command, CommanderError, Option } from 'commander';
import { InjectError, packageVersion } from '../inject';
import type { SourceLocation } from '../inject';
import { LANGUAGES, text, useLanguage } from '../texts';
import type { Language } from '../texts';
import { addDemoCommand } from './commands/demo';
import { addDoctorCommand } from './commands/doctor';
import { addInitCommand } from './commands/init';
import { addInjectCommand } from './commands/inject';
import { addPlaygroundCommand } from './commands/playground';
import { addRelayCommand } from './commands/relay';
import { Failure } from './failure';
import { translateTitle, translateUsage } from './commander-texts';
import { displayWidth } from './output';
import type { Output } from './output';

const USAGE = 2;
const FAILED = 1;

/**
 * Runs the command line.
 *
 * @param args - without the names of node and script
 * @param language - of the texts, where `--lang` does not say otherwise
 * @returns the exit code: 0 done, 1 a check or the input failed, 2 wrong usage
 * @throws any error that is a fault of this program, not of its input
 */
export async function run(args: string[], output: Output, language: Language = 'en'): Promise<number> {
  let code = 0;
  // Before the program is made, because its help is text too.
  useLanguage(findLanguage(args) ?? language);
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

/** The value of `--lang`, wherever it stands. */
function findLanguage(args: string[]): Language | undefined {
  const [, value] = /(?:^|\0)--lang(?:=|\0)([^\0]+)/.exec(args.join('\0')) ?? [];
  return LANGUAGES.find((known) => known === value);
}

/** The project's and the system's errors; anything else is a fault of this program. */
function asFailure(error: unknown): ({ message: string } & Partial<SourceLocation>) | undefined {
  if (error instanceof InjectError) return { message: error.message, ...error.location };
  if (error instanceof Failure) return { message: error.message };
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  return { message: text('fileUnreachable', { message: error.message }) };
}

function createProgram(output: Output, finish: (code: number) => void): Command {
  const program = new Command('miniprogram-servicemarket')
    .description(text('description'))
    .version(packageVersion(), '-V, --version', text('optionVersion'))
    .addOption(new Option('--lang <language>', text('optionLang')).choices(LANGUAGES))
    .helpOption('-h, --help', text('optionHelp'))
    .helpCommand('help [command]', text('optionHelp'))
    .showHelpAfterError(text('helpHint'))
    .exitOverride()
    .configureHelp({
      styleTitle: translateTitle,
      displayWidth,
      // Without "(default: …)" and "(choices: …)", which commander adds in English.
      argumentDescription: ({ description }) => description,
      optionDescription: ({ description }) => description,
    })
    .configureOutput({
      writeOut: (line) => output.out(line.trimEnd()),
      writeErr: (line) => output.err(line.trimEnd()),
      outputError: (message, write) => write(translateUsage(message)),
      getOutHasColors: () => output.colour,
    });
  addInjectCommand(program, output, finish);
  addInitCommand(program, output);
  addDoctorCommand(program, output, finish);
  addRelayCommand(program, output);
  addDemoCommand(program, output, finish);
  addPlaygroundCommand(program, output, finish);
  return program;
}
