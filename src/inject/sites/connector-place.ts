import type { Area } from '../project/package-roots';
import { ARTIFACT_NAME, CONNECTOR_NAME } from '../edits/runtime-file';
import { joinPath, normaliseRoot } from '../project/paths';
import type { Place } from './injection-site';
import { scriptsOf } from './injection-site';
import type { ProjectFiles } from '../project/files';
import type { Subpackage } from '../project/subpackages';
import { isConnector } from '../edits/plugin-connector';
import { declaredPlugins } from './declared';

/**
 * The file that connects the plugins of a subpackage, loaded by what of it can run first. One that is there from
 * a former configuration is a place too: it has to go.
 *
 * @param listed - names of the configuration's `plugins`, without those that the whole app declares
 */
export function connectorPlace(
  files: ProjectFiles,
  area: Area,
  { value, root, pages }: Subpackage,
  listed: string[],
): Place[] {
  const plugins = declaredPlugins(value, listed);
  const artifact = joinPath(root, CONNECTOR_NAME);
  if (!plugins.length && !isConnector(files.read(artifact))) return [];
  const entry = typeof value.entry === 'string' ? [joinPath(root, normaliseRoot(value.entry))] : [];
  const loaders = area.kind === 'game' ? [joinPath(root, 'game')] : [...entry, ...pages];
  const scripts = [...new Set(loaders.flatMap((path) => scriptsOf(files, path)))];
  const copy = joinPath(area.root, ARTIFACT_NAME);
  return scripts.length ? [{ artifact, content: { kind: 'connector', plugins, copy }, scripts }] : [];
}
