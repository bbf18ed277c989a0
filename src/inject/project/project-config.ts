import type { ProjectConfiguration } from './configuration';
import { parseJsonFile } from './json-file';
import type { JsonFile } from '../../json';
import { joinPath, normaliseRoot } from './paths';
import type { ProjectFiles } from './files';

/** The file in which DevTools keeps what a project is. */
export const PROJECT_CONFIG_NAME = 'project.config.json';

/** @returns project.config.json, or undefined where there is none */
export function readProjectConfig(files: ProjectFiles): JsonFile | undefined {
  const text = files.read(PROJECT_CONFIG_NAME);
  return text === undefined ? undefined : parseJsonFile(PROJECT_CONFIG_NAME, text);
}

/** @returns the folder of a project's cloud functions, relative to it, or undefined where none is named */
export function cloudFunctionRoot(files: ProjectFiles): string | undefined {
  return normaliseRoot(readProjectConfig(files)?.value.cloudfunctionRoot) || undefined;
}

/** @returns the folder of the configured cloud function, relative to the project, whether it is there or not */
export function cloudFunctionFolder(files: ProjectFiles, { cloud }: ProjectConfiguration): string {
  return joinPath(cloudFunctionRoot(files) ?? 'cloudfunctions', cloud?.function ?? 'servicemarket');
}
