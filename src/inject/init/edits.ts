/** What `init` changes in a project: one edit a file, each of which can be taken out again. */
import { text } from '../../texts';
import { hasSameLines } from '../edits/runtime-file';
import { InjectError } from '../errors';
import { CONFIGURATION_NAME } from '../project/configuration';
import type { Folder } from '../project/files';
import { detectFramework, listDependencies } from '../project/framework';
import type { Framework } from '../project/framework';
import { parseJsonFile } from '../project/json-file';
import { findPackageRoots } from '../project/package-roots';
import type { PackageRoot } from '../project/package-roots';
import { PROJECT_CONFIG_NAME } from '../project/project-config';
import { addPlugin, removePlugin, SNIPPETS } from './build-config';
import { addHooks, removeHooks } from './hooks';
import { addIgnored, IGNORED, removeIgnored } from './ignore-files';
import { addSwitch, removeSwitch } from './json-edits';
import { addKey, removeKey } from './key';
import { addTypes, listsTypes, REFERENCE, REFERENCE_NAME, removeTypes, WX_TYPINGS } from './typings';

const SCHEMA = './node_modules/miniprogram-servicemarket/dist/servicemarket.config.schema.json';
const CONFIGURATION = `${JSON.stringify({ $schema: SCHEMA, channels: ['bridge'] }, null, 2)}\n`;

/** One file of a project as `init` has it. */
export interface Edit {
  /** Relative to the project, with `/`. */
  path: string;
  /** What it is for, for people. */
  purpose: string;
  /** @returns the file's new text; undefined where it cannot be edited, and `manual` says what to do */
  add(source: string | undefined): string | undefined;
  /** @returns the file's text without what `add` put in; undefined deletes it */
  remove(source: string): string | undefined;
  /** What to do by hand. */
  manual?: string;
}

/** What kind of project `init` is in. */
export interface DetectedProject {
  framework?: Framework;
  /** Absent where a framework builds the manifest, or there is none yet. */
  root?: PackageRoot;
  isTypeScript: boolean;
  /** In words, such as "Taro (React, TypeScript)". */
  label: string;
}

/** @param projectDir - the folder that `files` are of */
export function detectProject(projectDir: string, files: Folder): DetectedProject {
  const framework = detectFramework(projectDir);
  const root = framework ? undefined : findRoot(files);
  const isTypeScript = files.has('tsconfig.json') || listDependencies(files).includes('typescript');
  const details = framework?.details ?? (isTypeScript ? ['TypeScript'] : []);
  const name = framework?.name ?? text(root ? KIND_TEXTS[root.kind] : 'kindUnknown');
  return { framework, root, isTypeScript, label: details.length ? `${name} (${details.join(', ')})` : name };
}

const KIND_TEXTS = { app: 'kindApp', game: 'kindGame', plugin: 'kindPlugin' } as const;

function findRoot(files: Folder): PackageRoot | undefined {
  try {
    const [host, plugin] = findPackageRoots(files);
    // The host's key covers its plugin.
    return plugin && !host ? plugin : host;
  } catch (error) {
    if (error instanceof InjectError && ['manifestMissing', 'noProject'].includes(error.code))
      return undefined;
    throw error;
  }
}

/** @returns the edits of a project, in the order in which they are told */
export function listEdits(files: Folder, { framework, root, isTypeScript }: DetectedProject): Edit[] {
  return [
    ...(framework ? editsOfFramework(framework) : root && root.kind !== 'plugin' ? [keyEdit(root)] : []),
    configurationEdit(),
    ...(isTypeScript ? typesEdits(files) : []),
    ...(framework ? [] : nativeEdits(files)),
  ];
}

function keyEdit({ manifest: { path } }: PackageRoot): Edit {
  return {
    path,
    purpose: text('initKey'),
    add: (source) => source && addSwitch(parseJsonFile(path, source)),
    remove: (source) => removeSwitch(parseJsonFile(path, source)),
  };
}

function editsOfFramework({ name, guide, build, keyFile, configFile }: Framework): Edit[] {
  const missing = text('pluginMissing', { name, configFile, guide });
  return [
    {
      path: keyFile,
      purpose: text('initKey'),
      add: (source) => source && addKey(keyFile, source),
      remove: (source) => removeKey(keyFile, source),
      manual: text('keyOfFramework', { name, guide }),
    },
    {
      path: configFile,
      purpose: text('initPlugin'),
      add: (source) => source && addPlugin(source, build),
      remove: removePlugin,
      manual: `${missing}\n\n${SNIPPETS[build]}\n`,
    },
  ];
}

function configurationEdit(): Edit {
  return {
    path: CONFIGURATION_NAME,
    purpose: text('initConfiguration'),
    add: (source) => source ?? CONFIGURATION,
    remove: (source) => (hasSameLines(source, CONFIGURATION) ? undefined : source),
  };
}

/** Where nothing declares `wx`, there is nothing to add to. */
function typesEdits(files: Folder): Edit[] {
  const tsconfig = files.read('tsconfig.json');
  const declaresWx = listDependencies(files).some((name) => WX_TYPINGS.includes(name));
  const list: Edit = {
    path: 'tsconfig.json',
    purpose: text('initTypes'),
    add: (source) => source && addTypes(source),
    remove: removeTypes,
  };
  const reference: Edit = {
    path: REFERENCE_NAME,
    purpose: text('initTypes'),
    add: (source) => source ?? REFERENCE,
    remove: (source) => (hasSameLines(source, REFERENCE) ? undefined : source),
  };
  if (tsconfig === undefined || !declaresWx) return [];
  return [listsTypes(tsconfig) ? list : reference];
}

/** What a project needs whose own files are injected. */
function nativeEdits(files: Folder): Edit[] {
  const ignored = Object.entries(IGNORED).map(([path, lines]): Edit => ({
    path,
    purpose: text('initIgnored'),
    add: (source) => source && addIgnored(source, lines),
    remove: (source) => removeIgnored(source, lines),
  }));
  const hooks: Edit = {
    path: PROJECT_CONFIG_NAME,
    purpose: text('initHooks'),
    add: (source) => source && addHooks(source),
    remove: removeHooks,
    manual: text('noHooks'),
  };
  return [...ignored.filter(({ path }) => files.has(path)), hooks];
}
