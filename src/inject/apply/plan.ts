import type { Area } from '../project/package-roots';
import { addStatement, createdScript, removeStatement, specifierOf } from '../edits/load-statement';
import { setEntry } from '../edits/entry-key';
import { findPlaces } from '../sites/find-sites';
import type { Place } from '../sites/injection-site';
import { connectorText, isConnector } from '../edits/plugin-connector';
import { addReExport } from '../edits/re-export';
import type { ProjectFiles } from '../project/files';
import type { Runtime } from '../edits/prebuilt';
import { compareArtifacts, readArtifact } from '../edits/runtime-file';
import { InjectError } from '../errors';

/** One file as it is and as it has to be; undefined means that there is none. */
export interface FileChange {
  /** Relative to the project, with `/`. */
  path: string;
  before: string | undefined;
  after: string | undefined;
  /** What is wrong with a copy of the runtime that is there. */
  note?: string;
}

/**
 * Decides every file that injection writes; reads only the manifests and the entry files.
 *
 * @param areas - those of {@link findAreas}; areas that are off are left out
 * @returns the files that differ from what they have to be, in the order of their places
 */
export function planInjection(files: ProjectFiles, areas: Area[], runtime: Runtime): FileChange[] {
  const changes = areas
    .filter((area) => area.on)
    .flatMap((area) => {
      const places = findPlaces(files, area, runtime.plugins);
      return [...planPlaces(files, places, runtime), planManifest(area, places)];
    });
  return changes.filter(({ before, after }) => before !== after);
}

/** The copies and the scripts that load them, changed or not. */
export function planPlaces(files: ProjectFiles, places: Place[], runtime: Runtime): FileChange[] {
  return places.flatMap((place) => planPlace(files, place, runtime));
}

function planPlace(files: ProjectFiles, place: Place, runtime: Runtime): FileChange[] {
  const copy = files.read(place.artifact);
  const isOurs = place.content.kind === 'connector' ? isConnector(copy) : readArtifact(copy ?? '');
  if (copy !== undefined && !isOurs) {
    const fix = 'Rename it: the injected file has this name';
    throw new InjectError('inject', 'a file of that name exists and is not ours', fix, {
      file: place.artifact,
    });
  }
  const wanted = textOf(place, runtime);
  const changes: FileChange[] = [
    { path: place.artifact, before: copy, after: wanted, note: compareArtifacts(copy, wanted) },
  ];
  if (place.created) {
    const after = createdScript(specifierOf(place.created, place.artifact));
    changes.push({ path: place.created, before: undefined, after });
  }
  for (const path of place.scripts) {
    const before = files.read(path) ?? '';
    const after = wanted === undefined ? removeStatement(before) : scriptOf(place, path, before);
    changes.push({ path, before, after });
  }
  return changes;
}

/** @returns undefined where the file has to go */
function textOf({ artifact, content }: Place, runtime: Runtime): string | undefined {
  if (content.kind === 'host') return runtime.forHost(content.plugins);
  if (content.kind === 'plugin') return runtime.forPlugin();
  if (!content.plugins.length) return undefined;
  return connectorText(specifierOf(artifact, content.copy), content.plugins);
}

function scriptOf({ artifact, reExports = [] }: Place, path: string, before: string): string {
  const specifier = specifierOf(path, artifact);
  const loading = addStatement(before, specifier, path);
  return reExports.includes(path) ? addReExport(loading, specifier) : loading;
}

/** The manifest with the `entry` of its independent subpackages, changed or not. */
export function planManifest({ manifest }: Area, places: Place[]): FileChange {
  const keys = places.flatMap(({ entryOf }) => (entryOf ? [entryOf] : []));
  return { path: manifest.path, before: manifest.text, after: setEntry(manifest, keys) };
}
