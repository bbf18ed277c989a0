import type { Command } from 'commander';
import { injectProject, removeInjection } from '../../inject';
import type { InjectResult, RemoveResult } from '../../inject';
import { paint } from '../output';
import type { Output } from '../output';

interface Options {
  out?: string;
  config?: string;
  dryRun?: boolean;
  check?: boolean;
  remove?: boolean;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ miniprogram-servicemarket inject                 the project in this folder, in place
  $ miniprogram-servicemarket inject --out build     a copy for CI; the sources stay as they are
  $ miniprogram-servicemarket inject dist --check    fails when dist/ is not injected or stale`;

/** `inject`: see docs/inject.md. */
export function addInjectCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command('inject')
    .summary('put the shim into a project or a build')
    .description(
      'Puts the shim into a mini-program, game or plugin whose manifest has "servicemarket": true, so that it runs first.',
    )
    .argument('[project]', 'folder with project.config.json, or with app.json, game.json or plugin.json', '.')
    .option('--out <dir>', 'write a copy of the project there and leave the sources as they are')
    .option('--config <file>', "instead of the project's servicemarket.config.json")
    .option('--dry-run', 'say what would be done and write nothing')
    .addOption(
      program
        .createOption('--check', 'exit 1 if the shim is missing or stale')
        .conflicts(['out', 'dryRun', 'remove']),
    )
    .addOption(
      program.createOption('--remove', 'take the shim out again, byte for byte').conflicts(['out', 'config']),
    )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action((project: string, options: Options) => {
      if (options.remove) return print(output, removeInjection(project, options), options);
      const result = injectProject(project, options);
      print(output, result, options);
      const isStale = result.status === 'stale';
      if (!isStale && !result.left) return;
      const command = `miniprogram-servicemarket inject${project === '.' ? '' : ` ${project}`}`;
      // Removal takes out everything, so the package roots that are still enabled are injected again.
      const again = result.status === 'off' ? '' : `, then: ${command}`;
      if (!options.json) output.err(`Run: ${isStale ? command : `${command} --remove${again}`}`);
      if (options.check) finish(1);
    });
}

const MEANING = {
  injected: 'the shim is in place',
  current: 'the shim is in place already; nothing was changed',
  stale: 'the shim is missing or stale',
  off: 'no manifest has "servicemarket": true; nothing was changed',
  removed: 'the shim was taken out',
  absent: 'there is no shim here; nothing was changed',
} as const;

/** The names of the lists of a check, which creates and changes nothing. */
const FOUND: Record<string, string> = { created: 'missing', changed: 'stale' };

function print(output: Output, result: InjectResult | RemoveResult, { dryRun, json }: Options): void {
  const { status, changed, notes, ...lists } = result;
  const meaning =
    status === 'off' && 'left' in result
      ? 'no manifest has "servicemarket": true, but the shim is still there; nothing was changed'
      : MEANING[status];
  if (json) return output.out(JSON.stringify({ status, changed, ...lists }));
  const style = status === 'stale' ? 'yellow' : status === 'off' || status === 'absent' ? 'dim' : 'green';
  output.out(`${paint(output, style, status)}: ${meaning}${dryRun ? ' (dry run: nothing was written)' : ''}`);
  for (const [list, paths] of Object.entries({ ...lists, changed })) {
    const what = status === 'stale' ? (FOUND[list] ?? list) : list;
    for (const path of paths) output.out(`  ${paint(output, 'dim', what)}  ${path}`);
  }
  for (const { path, text } of notes) output.err(`note: ${path === undefined ? '' : `${path} `}${text}`);
}
