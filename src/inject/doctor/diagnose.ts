import { relative } from 'node:path';
import type { Configuration } from '../../protocol';
import { findAreas } from '../areas';
import { findConfiguration, readConfiguration } from '../configuration';
import { injectProject } from '../inject-project';
import { findPlaces } from '../places';
import { openFolder } from '../project-files';
import { hasHooks } from '../init/hooks';
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
  configuration: Configuration;
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
  const configuration = path === undefined ? {} : readConfiguration(path);
  const forecasts = forecast(configuration);
  const findings = findFindings(areas, configuration, forecasts);
  if (check.status === 'off') findings.unshift(off(areas[0].manifest.path));
  if (check.status === 'stale') findings.unshift({ level: 'fix', text: stale(check) });
  if (!hasHooks(files))
    findings.push({
      level: 'note',
      text: 'DevTools does not inject before it compiles: run "miniprogram-servicemarket init", or use --out in CI.',
    });
  return {
    areas: areas.map((area) => ({
      kind: area.kind,
      manifest: area.manifest.path,
      on: area.on,
      places: findPlaces(files, area).map(({ artifact, scripts, created }) => {
        const all = created ? [...scripts, created] : scripts;
        const state = check.created.includes(artifact)
          ? 'missing'
          : [artifact, ...all].some((file) => [...check.changed, ...check.created].includes(file))
            ? 'stale'
            : 'current';
        return { artifact, scripts: all, state };
      }),
    })),
    ...(path === undefined ? {} : { configFile: relative(projectDir, path) }),
    configuration,
    forecasts,
    domains: domainsOf(configuration),
    findings,
  };
}

function off(manifest: string): Finding {
  return { level: 'fix', text: `${manifest} has no "servicemarket": true: nothing is injected.` };
}

function stale({
  changed,
  created,
  notes,
}: {
  changed: string[];
  created: string[];
  notes: string[];
}): string {
  const details = notes.length ? notes.join('; ') : [...created, ...changed].join(', ');
  return `The injected files are missing or stale (${details}): run "miniprogram-servicemarket inject".`;
}

function domainsOf({ channels = ['bridge'], relay }: Configuration): Diagnosis['domains'] {
  const origins = relay && channels.includes('relay') ? [new URL(relay.url).origin] : [];
  return { request: origins, uploadFile: origins, downloadFile: origins };
}
