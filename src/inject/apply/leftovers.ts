import type { Area } from '../project/package-roots';
import { ARTIFACT_NAME, CONNECTOR_NAME } from '../edits/runtime-file';
import { joinPath } from '../project/paths';
import { scriptsOf } from '../sites/injection-site';
import { findInjected } from './removal';
import type { Folder } from '../project/files';
import { subpackagesOf } from '../project/subpackages';

/**
 * Looks where the shim is put first, without a walk through the project.
 *
 * @returns files of the areas that are off which have the shim from a former run
 */
export function findLeftovers(folder: Folder, areas: Area[]): string[] {
  return areas.filter(({ on }) => !on).flatMap((area) => findInjected(folder, candidatesOf(folder, area)));
}

function candidatesOf(folder: Folder, area: Area): string[] {
  const copy = joinPath(area.root, ARTIFACT_NAME);
  if (area.kind === 'plugin') return [copy];
  const inSubpackages = subpackagesOf(area).flatMap(({ root }) =>
    [ARTIFACT_NAME, CONNECTOR_NAME].map((name) => joinPath(root, name)),
  );
  return [copy, ...scriptsOf(folder, joinPath(area.root, area.kind)), ...inSubpackages];
}
