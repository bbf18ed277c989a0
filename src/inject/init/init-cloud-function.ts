import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cloudFunctionFolder, cloudFunctionRoot } from '../cloud-function';
import { configurationOf } from '../configuration';
import { InjectError } from '../errors';
import { recover } from '../journal';
import { findPackageRoot } from '../package-root';
import type { FileChange } from '../plan';
import { openFolder } from '../project-files';
import { writeChanges } from '../write';
import { nextSteps } from './next-steps';

const TEMPLATE = 'dist/templates/cloud-function';
/** The owner's to fill in. */
const SETTINGS = 'settings.json';

export interface CloudFunctionOptions {
  /** The function's folder. @default its place below `cloudfunctionRoot` of project.config.json */
  out?: string;
  /** Say what would be done and write nothing. */
  dryRun?: boolean;
  /** Folder of this package; found by default. */
  packageRoot?: string;
}

export interface CloudFunctionResult {
  /** The function's folder, which has the function's name. */
  folder: string;
  /** Files that were written, relative to the folder. */
  created: string[];
  /** Files that were there, with the owner's settings or as they have to be. */
  kept: string[];
  /** What is left to do, in order. */
  next: string[];
}

/**
 * Writes the cloud function of the channel "cloud" (docs/deploy.md), every file or none.
 *
 * @param projectDir - the folder with project.config.json
 * @throws InjectError when a file is there that is not as this package has it: it may be the owner's work
 */
export function initCloudFunction(
  projectDir: string,
  { out, dryRun = false, packageRoot = findPackageRoot() }: CloudFunctionOptions = {},
): CloudFunctionResult {
  if (!statSync(projectDir, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InjectError('find the project', `${projectDir} is no folder`, "Name the project's folder");
  }
  const project = openFolder(projectDir);
  const configuration = configurationOf(projectDir);
  const folder = out ?? join(projectDir, cloudFunctionFolder(project, configuration));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) recover(folder);
  const template = readTemplate(join(packageRoot, TEMPLATE));
  const created = missingFrom(folder, template);
  if (!dryRun && created.length) {
    mkdirSync(folder, { recursive: true });
    writeChanges(folder, created);
  }
  const names = created.map(({ path }) => path);
  return {
    folder,
    created: names,
    kept: [...template.keys()].filter((name) => !names.includes(name)),
    next: nextSteps(folder, basename(folder), configuration, cloudFunctionRoot(project) !== undefined),
  };
}

function readTemplate(folder: string): Map<string, string> {
  try {
    return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  } catch (cause) {
    const fix = 'Install the package again, or run "npm run build" in its source';
    throw new InjectError('use the template', 'it cannot be read', fix, { file: TEMPLATE }, { cause });
  }
}

function missingFrom(folder: string, template: Map<string, string>): FileChange[] {
  const files = openFolder(folder);
  const changes: FileChange[] = [];
  for (const [path, after] of template) {
    const before = files.read(path);
    if (before === undefined) changes.push({ path, before, after });
    else if (path !== SETTINGS && !sameLines(before, after)) {
      const fix = 'Move it away to get the new one, or use --out DIR';
      throw new InjectError('write the cloud function', 'it is there with another content', fix, {
        file: join(folder, path),
      });
    }
  }
  return changes;
}

/** Version control may have changed the line breaks. */
function sameLines(one: string, other: string): boolean {
  return one.replaceAll('\r\n', '\n') === other.replaceAll('\r\n', '\n');
}
