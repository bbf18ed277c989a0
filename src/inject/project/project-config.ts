import type { ProjectConfiguration } from './configuration';
import { parseJsonFile } from './json-file';
import { joinPath, normaliseRoot } from './paths';
import type { ProjectFiles } from './files';

const PROJECT = 'project.config.json';

/** @returns the folder of a project's cloud functions, relative to it, or undefined where none is named */
export function cloudFunctionRoot(files: ProjectFiles): string | undefined {
  const text = files.read(PROJECT);
  const root = text === undefined ? '' : normaliseRoot(parseJsonFile(PROJECT, text).value.cloudfunctionRoot);
  return root || undefined;
}

/** @returns where the cloud function of a project stands, or has to stand, relative to the project */
export function cloudFunctionFolder(files: ProjectFiles, { cloud }: ProjectConfiguration): string {
  return joinPath(cloudFunctionRoot(files) ?? 'cloudfunctions', cloud?.function ?? 'servicemarket');
}
