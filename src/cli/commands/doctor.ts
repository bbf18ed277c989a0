import type { Command } from 'commander';
import { diagnose } from '../../inject';
import type { Diagnosis } from '../../inject';
import { channelsOf } from '../../inject/project/configuration';
import { formatTable, paint } from '../output';
import type { Output } from '../output';

/** `doctor`: see docs/inject.md. */
export function addDoctorCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command('doctor')
    .summary('say what was found, what each base library gets, and what to fix')
    .description(
      'Says what was found, what each base library will get, which channels carry call and upload and why, the domains to register, and what to fix. Exits 1 when something is to be fixed.',
    )
    .argument('[project]', 'folder with project.config.json, or with app.json, game.json or plugin.json', '.')
    .option('--json', 'print the result as JSON')
    .action((project: string, options: { json?: boolean }) => {
      const diagnosis = diagnose(project);
      output.out(options.json ? JSON.stringify(diagnosis) : format(diagnosis, output));
      if (diagnosis.findings.some(({ level }) => level === 'fix')) finish(1);
    });
}

function format(diagnosis: Diagnosis, output: Output): string {
  const { packageRoots, configFile, configuration, forecasts, domains, findings } = diagnosis;
  const title = (text: string) => `\n${paint(output, 'bold', text)}`;
  const sites = packageRoots.flatMap(({ kind, manifest, isEnabled, sites: all }) =>
    all.map(({ file, scripts, state }) => [
      kind,
      manifest,
      isEnabled ? 'on' : 'off',
      isEnabled ? state : '-',
      file,
      scripts.join(' '),
    ]),
  );
  const rows = forecasts.map(({ baseLibrary, shim, call, upload, why }) => [
    baseLibrary,
    shim,
    call,
    upload,
    why,
  ]);
  const hosts = Object.entries(domains).flatMap(([name, origins]) => origins.map((origin) => [name, origin]));
  return [
    paint(output, 'bold', 'Found'),
    formatTable([['kind', 'manifest', 'key', 'shim', 'injected file', 'loaded by'], ...sites]),
    `channels: ${channelsOf(configuration).join(', ')} (${configFile ?? 'default; there is no servicemarket.config.json'})`,
    title('Base libraries'),
    formatTable([['from', 'wx.serviceMarket', 'call', 'upload', 'why'], ...rows]),
    title('Domains to register'),
    hosts.length ? formatTable(hosts) : 'none: no channel uses wx.request',
    title('To fix'),
    ...findings.map(
      ({ level, text }) => `${paint(output, level === 'fix' ? 'red' : 'yellow', level)}: ${text}`,
    ),
    ...(findings.length ? [] : ['nothing']),
  ].join('\n');
}
