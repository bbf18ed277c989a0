import type { Command } from 'commander';
import { diagnose } from '../../inject';
import type { Diagnosis, Finding } from '../../inject';
import { channelsOf } from '../../inject/project/configuration';
import { text } from '../../texts';
import { formatTable, paint } from '../output';
import type { Output } from '../output';

/** `doctor`: see docs/en/inject.md. */
export function addDoctorCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command('doctor')
    .summary(text('doctorSummary'))
    .description(text('doctorDescription'))
    .argument('[project]', text('argumentProject'), '.')
    .option('--json', text('optionJson'))
    .action((project: string, options: { json?: boolean }) => {
      const diagnosis = diagnose(project);
      output.out(options.json ? JSON.stringify(diagnosis) : format(diagnosis, output));
      if (diagnosis.findings.some(({ level }) => level === 'fix')) finish(1);
    });
}

function format(diagnosis: Diagnosis, output: Output): string {
  const { framework, packageRoots, configFile, configuration, forecasts, domains, findings } = diagnosis;
  const title = (heading: string) => `\n${paint(output, 'bold', heading)}`;
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
    paint(output, 'bold', text('doctorFound')),
    ...(framework
      ? [text('doctorFramework', { name: framework.name, output: framework.output ?? text('doctorUnbuilt') })]
      : []),
    formatTable([text('doctorRoots').split('|'), ...sites]),
    ...(packageRoots.some(({ isEnabled }) => isEnabled) ? [text('doctorUnknownKey')] : []),
    text('doctorChannels', {
      channels: channelsOf(configuration).join(', '),
      source: configFile ?? text('doctorDefaults'),
    }),
    title(text('doctorLibraries')),
    formatTable([text('doctorForecasts').split('|'), ...rows]),
    title(text('doctorDomains')),
    hosts.length ? formatTable(hosts) : text('doctorNoDomains'),
    title(text('doctorToFix')),
    formatFindings(findings, output),
  ].join('\n');
}

/** @returns a line for each finding, or one that says that there is none */
export function formatFindings(findings: Finding[], output: Output): string {
  if (!findings.length) return text('doctorNothing');
  const paintLevel = (level: Finding['level']) => paint(output, level === 'fix' ? 'red' : 'yellow', level);
  return findings.map((finding) => `${paintLevel(finding.level)}: ${finding.text}`).join('\n');
}
