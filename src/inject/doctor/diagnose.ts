import { relative } from 'node:path';
import { findAreas } from '../project/package-roots';
import type { Area } from '../project/package-roots';
import { channelsOf, findConfiguration, readConfiguration } from '../project/configuration';
import type { ProjectConfiguration } from '../project/configuration';
import { injectProject } from '../inject-project';
import type { InjectResult } from '../inject-project';
import { findPlaces } from '../sites/find-sites';
import type { Place } from '../sites/injection-site';
import { openFolder } from '../project/files';
import type { ProjectFiles } from '../project/files';
import { hasHooks } from '../init/hooks';
import { cloudFindings } from './cloud-findings';
import { findFindings } from './findings';
import type { Finding } from './findings';
import { forecast } from './forecast';
import type { Forecast } from './forecast';

/** A copy of the runtime, and whether it and the scripts that load it are as they have to be. */
export interface PlaceState {
  artifact: string;
  scripts: string[];
  state: 'current' | 'stale' | 'missing';
}

export interface AreaState {
  kind: 'app' | 'game' | 'plugin';
  manifest: string;
  /** Whether `"servicemarket": true` covers it. */
  on: boolean;
  places: PlaceState[];
}

export interface Diagnosis {
  areas: AreaState[];
  /** The configuration file, relative to the project; absent when the defaults apply. */
  configFile?: string;
  configuration: ProjectConfiguration;
  forecasts: Forecast[];
  /** To be registered in the platform's console. */
  domains: { request: string[]; uploadFile: string[]; downloadFile: string[] };
  findings: Finding[];
}

/**
 * Looks at a project and changes nothing in it.
 *
 * @throws InjectError when a manifest or the configuration cannot be read
 */
export function diagnose(projectDir: string, { packageRoot }: { packageRoot?: string } = {}): Diagnosis {
  const check = injectProject(projectDir, { check: true, packageRoot });
  const files = openFolder(projectDir);
  const areas = findAreas(files);
  const path = findConfiguration(projectDir);
  const configuration: ProjectConfiguration = path === undefined ? {} : readConfiguration(path);
  const forecasts = forecast(configuration);
  const findings = [...findFindings(areas, configuration, forecasts), ...cloudFindings(files, configuration)];
  if (check.left) findings.unshift({ level: 'fix', text: left(check.left) });
  if (check.status === 'off') findings.unshift(off(areas[0].manifest.path));
  if (check.status === 'stale') findings.unshift({ level: 'fix', text: stale(check) });
  if (!hasHooks(files)) findings.push({ level: 'note', text: unhooked(files) });
  return {
    areas: areas.map((area) =>
      stateOf(area, findPlaces(files, area, Object.keys(configuration.plugins ?? {})), check),
    ),
    ...(path === undefined ? {} : { configFile: relative(projectDir, path) }),
    configuration,
    forecasts,
    domains: domainsOf(configuration),
    findings,
  };
}

function stateOf(
  { kind, manifest, on }: Area,
  places: Place[],
  { created, changed }: InjectResult,
): AreaState {
  return {
    kind,
    manifest: manifest.path,
    on,
    places: places.map(({ artifact, scripts, created: script }) => {
      const loaders = script ? [...scripts, script] : scripts;
      const different = [artifact, ...loaders].some(
        (path) => changed.includes(path) || created.includes(path),
      );
      const state = different ? 'stale' : 'current';
      return { artifact, scripts: loaders, state: created.includes(artifact) ? 'missing' : state };
    }),
  };
}

function off(manifest: string): Finding {
  return { level: 'fix', text: `${manifest} has no "servicemarket": true: nothing is injected.` };
}

function left(paths: string[]): string {
  return `The shim is still there although no manifest asks for it (${paths.join(', ')}): run "miniprogram-servicemarket inject --remove", and "inject" again for what stays on.`;
}

function unhooked(files: ProjectFiles): string {
  return files.read('project.config.json') === undefined
    ? 'There is no project.config.json to let DevTools inject: run "miniprogram-servicemarket inject" in your build.'
    : 'DevTools does not inject before it compiles: run "miniprogram-servicemarket init", or use --out in CI.';
}

function stale({ changed, created, notes }: InjectResult): string {
  const paths = [...created, ...changed];
  const aboutFiles = notes.filter((note) => paths.some((path) => note.startsWith(`${path} `)));
  const details = aboutFiles.length ? aboutFiles.join('; ') : paths.join(', ');
  return `The injected files are missing or stale (${details}): run "miniprogram-servicemarket inject".`;
}

function domainsOf(configuration: ProjectConfiguration): Diagnosis['domains'] {
  const { relay } = configuration;
  const origins = relay && channelsOf(configuration).includes('relay') ? [new URL(relay.url).origin] : [];
  return { request: origins, uploadFile: origins, downloadFile: origins };
}
