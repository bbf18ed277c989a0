import { join, relative } from 'node:path';
import { text } from '../../texts';
import type { FileChange } from '../apply/file-change';
import { findLeftovers } from '../apply/removal';
import { hasHooks } from '../init/hooks';
import { endFormerRun, hasInjectedFile, planProject } from '../inject-project';
import { channelsOf, configurationOf, findConfiguration } from '../project/configuration';
import type { ProjectConfiguration } from '../project/configuration';
import { openFolder, requireFolder } from '../project/files';
import type { ProjectFiles } from '../project/files';
import { detectFramework } from '../project/framework';
import type { Framework } from '../project/framework';
import { PROJECT_CONFIG_NAME } from '../project/project-config';
import { findSites } from '../sites/find-sites';
import type { InjectionSite } from '../sites/injection-site';
import { checkProject } from './checks';
import type { Finding } from './checks';
import { forecast } from './forecast';
import type { Forecast } from './forecast';

/** An injected file, and whether it and the scripts that load it are as they have to be. */
export interface SiteState {
  file: string;
  scripts: string[];
  state: 'current' | 'stale' | 'missing';
}

export interface PackageRootState {
  kind: 'app' | 'game' | 'plugin';
  manifest: string;
  /** Whether `"servicemarket": true` covers it. */
  isEnabled: boolean;
  sites: SiteState[];
}

export interface Diagnosis {
  /** The framework that builds the mini-program, and what it built, relative to the project; absent without one. */
  framework?: Pick<Framework, 'name' | 'output'>;
  packageRoots: PackageRootState[];
  /** The configuration file, relative to the project; absent when the defaults apply. */
  configFile?: string;
  configuration: ProjectConfiguration;
  forecasts: Forecast[];
  /** To be registered in the platform's console. */
  domains: { request: string[]; uploadFile: string[]; downloadFile: string[] };
  findings: Finding[];
}

/**
 * Looks at a project and changes nothing in it, except that a run of inject that was killed is ended.
 *
 * @throws InjectError when a manifest or the configuration cannot be read
 */
export function diagnose(projectDir: string, options: { packageDir?: string } = {}): Diagnosis {
  requireFolder(projectDir);
  const framework = detectFramework(projectDir);
  if (!framework) return diagnoseFolder(projectDir, options);
  const { name, output } = framework;
  const found =
    output === undefined
      ? diagnoseNothing(projectDir)
      : diagnoseFolder(join(projectDir, output), options, framework);
  return {
    framework: { name, output },
    ...found,
    findings: [...frameworkFindings(framework), ...found.findings],
  };
}

/** A framework's project that was not built: there is no manifest to look at yet. */
function diagnoseNothing(projectDir: string): Diagnosis {
  const configuration = configurationOf(projectDir);
  const configFile = findConfiguration(projectDir);
  const forecasts = forecast(configuration);
  return {
    packageRoots: [],
    ...(configFile === undefined ? {} : { configFile: relative(projectDir, configFile) }),
    configuration,
    forecasts,
    domains: domainsOf(configuration),
    findings: checkProject(openFolder(projectDir), [], configuration, forecasts),
  };
}

function frameworkFindings({ name, guide, configFile, hasPlugin, output }: Framework): Finding[] {
  const missing: Finding = { level: 'fix', text: text('pluginMissing', { name, configFile, guide }) };
  const unbuilt: Finding = { level: 'note', text: text('notBuilt', { name, guide }) };
  return [...(hasPlugin ? [] : [missing]), ...(output === undefined ? [unbuilt] : [])];
}

function diagnoseFolder(
  projectDir: string,
  { packageDir }: { packageDir?: string },
  framework?: Framework,
): Diagnosis {
  endFormerRun(projectDir);
  const { folder, roots, runtime, sites, changes } = planProject(projectDir, { packageDir });
  // The configuration is shown also where no manifest asks for the shim.
  const configuration = runtime?.configuration ?? configurationOf(projectDir);
  const configFile = findConfiguration(projectDir);
  const plugins = Object.keys(configuration.plugins ?? {});
  const forecasts = forecast(configuration);
  const isInjected = hasInjectedFile(folder, sites);
  return {
    packageRoots: roots.map((root) => ({
      kind: root.kind,
      manifest: root.manifest.path,
      isEnabled: root.isEnabled,
      sites: (sites.get(root) ?? findSites(folder, root, plugins)).map((site) => stateOf(site, changes)),
    })),
    ...(configFile === undefined ? {} : { configFile: relative(projectDir, configFile) }),
    configuration,
    forecasts,
    domains: domainsOf(configuration),
    findings: [
      ...(framework ? rebuildFinding(changes, framework) : staleFinding(changes, isInjected)),
      ...(runtime ? [] : [disabledFinding(roots[0].manifest.path)]),
      ...leftoverFinding(findLeftovers(folder, roots)),
      ...checkProject(folder, roots, configuration, forecasts),
      ...(framework ? [] : hooksFinding(folder)),
    ],
  };
}

function stateOf({ file, scripts, createdScript }: InjectionSite, changes: FileChange[]): SiteState {
  const loaders = createdScript ? [...scripts, createdScript] : scripts;
  const different = changes.filter(({ path }) => path === file || loaders.includes(path));
  const isMissing = different.some(({ path, before }) => path === file && before === undefined);
  return {
    file,
    scripts: loaders,
    state: isMissing ? 'missing' : different.length ? 'stale' : 'current',
  };
}

function staleFinding(changes: FileChange[], isInjected: boolean): Finding[] {
  if (!changes.length) return [];
  const notes = changes.flatMap(({ path, note }) => (note === undefined ? [] : [`${path} ${note}`]));
  const created = changes.filter(({ before }) => before === undefined);
  const paths = [...new Set([...created, ...changes])].map(({ path }) => path);
  const details = notes.length ? notes.join('; ') : paths.join(', ');
  return [{ level: 'fix', text: text(isInjected ? 'filesStale' : 'notInjectedYet', { details }) }];
}

/** A framework's build injects by itself, so what differs is older than the plugin or the configuration. */
function rebuildFinding(changes: FileChange[], { name, hasPlugin }: Framework): Finding[] {
  return changes.length && hasPlugin ? [{ level: 'fix', text: text('buildIsStale', { name }) }] : [];
}

function disabledFinding(manifest: string): Finding {
  return { level: 'fix', text: text('switchMissing', { manifest }) };
}

function leftoverFinding(paths: string[]): Finding[] {
  return paths.length ? [{ level: 'fix', text: text('leftover', { paths: paths.join(', ') }) }] : [];
}

/** Says how DevTools comes to inject, where it does not. */
function hooksFinding(files: ProjectFiles): Finding[] {
  if (hasHooks(files)) return [];
  return [{ level: 'note', text: text(files.has(PROJECT_CONFIG_NAME) ? 'hooksMissing' : 'hooksImpossible') }];
}

function domainsOf(configuration: ProjectConfiguration): Diagnosis['domains'] {
  const { relay } = configuration;
  const origins = relay && channelsOf(configuration).includes('relay') ? [new URL(relay.url).origin] : [];
  return { request: origins, uploadFile: origins, downloadFile: origins };
}
