import type { Area } from './areas';
import { addStatement, createdScript, specifierOf } from './statement';
import { setEntry } from './entry-key';
import { findPlaces } from './places';
import type { Place } from './places';
import type { ProjectFiles } from './project-files';
import { compareArtifacts, readArtifact } from './artifact';
import { InjectError } from './errors';

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
 * @param runtime - text of the injected file, configuration included
 * @returns the files that differ from what they have to be, in the order of their places
 */
export function planInjection(files: ProjectFiles, areas: Area[], runtime: string): FileChange[] {
  const changes = areas
    .filter((area) => area.on)
    .flatMap((area) => {
      const places = findPlaces(files, area);
      return [...planPlaces(files, places, runtime), planManifest(area, places)];
    });
  return changes.filter(({ before, after }) => before !== after);
}

/** The copies and the scripts that load them, changed or not. */
export function planPlaces(files: ProjectFiles, places: Place[], runtime: string): FileChange[] {
  return places.flatMap((place) => planPlace(files, place, runtime));
}

function planPlace(files: ProjectFiles, place: Place, runtime: string): FileChange[] {
  const copy = files.read(place.artifact);
  if (copy !== undefined && !readArtifact(copy)) {
    const fix = 'Rename it: the injected file has this name';
    throw new InjectError('inject', 'a file of that name exists and is not ours', fix, {
      file: place.artifact,
    });
  }
  const changes: FileChange[] = [
    { path: place.artifact, before: copy, after: runtime, note: compareArtifacts(copy, runtime) },
  ];
  if (place.created) {
    const after = createdScript(specifierOf(place.created, place.artifact));
    changes.push({ path: place.created, before: undefined, after });
  }
  for (const path of place.scripts) {
    const before = files.read(path) ?? '';
    changes.push({ path, before, after: addStatement(before, specifierOf(path, place.artifact), path) });
  }
  return changes;
}

/** The manifest with the `entry` of its independent subpackages, changed or not. */
export function planManifest({ manifest }: Area, places: Place[]): FileChange {
  const keys = places.flatMap(({ entryOf }) => (entryOf ? [entryOf] : []));
  return { path: manifest.path, before: manifest.text, after: setEntry(manifest, keys) };
}
