import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hasSameLines } from '../edits/runtime-file';
import { InjectError } from '../errors';
import { recover } from '../apply/journal';
import { findOwnPackage } from '../own-package';
import type { FileChange } from '../apply/file-change';
import { readHead } from '../edits/runtime-file';
import { openFolder } from '../project/files';
import { writeChanges } from '../apply/write';

const TEMPLATES = 'dist/templates';

export interface FunctionOptions {
  /** The function's folder. @default its place in the project */
  out?: string;
  /** Returns the result and writes nothing. */
  dryRun?: boolean;
  /** Folder of this package; found by default. */
  packageDir?: string;
}

export interface FunctionResult {
  /** The function's folder, which has the function's name. */
  folder: string;
  /** Files that were written, relative to the folder. */
  created: string[];
  /** Files of another version, as that one wrote them, that were replaced. */
  updated: string[];
  /** Files that were there, with the owner's settings or as they have to be. */
  kept: string[];
  /** What is left to do, in order. */
  next: string[];
}

/** What a function is made of. */
export interface FunctionTemplate {
  /** Its folder below `dist/templates`. */
  name: string;
  /** The files that it needs. */
  files: readonly string[];
  /** Those of them that are the owner's to change. */
  owned: readonly string[];
}

/**
 * Writes a function's folder, every file or none.
 *
 * @throws InjectError when `folder` is a file, or holds one that is not as this package has it: it may be the
 *   owner's work
 */
export function writeFunction(
  folder: string,
  template: FunctionTemplate,
  { dryRun = false, packageDir = findOwnPackage() }: FunctionOptions,
): Omit<FunctionResult, 'next'> {
  const present = statSync(folder, { throwIfNoEntry: false });
  if (present && !present.isDirectory()) {
    throw new InjectError('functionIsNoFolder', {}, { file: folder });
  }
  if (present) recover(folder);
  const files = readTemplate(join(packageDir, TEMPLATES), template);
  const changes = planChanges(folder, files, template.owned);
  if (!dryRun && changes.length) {
    mkdirSync(folder, { recursive: true });
    writeChanges(folder, changes);
  }
  const created = changes.filter(({ before }) => before === undefined).map(({ path }) => path);
  const updated = changes.filter(({ before }) => before !== undefined).map(({ path }) => path);
  const kept = template.files.filter((name) => !created.includes(name) && !updated.includes(name));
  return { folder, created, updated, kept };
}

function readTemplate(root: string, { name, files }: FunctionTemplate): Map<string, string> {
  try {
    return new Map(files.map((file) => [file, readFileSync(join(root, name, file), 'utf8')]));
  } catch (cause) {
    throw new InjectError('templateUnreadable', {}, { file: TEMPLATES }, { cause });
  }
}

function planChanges(folder: string, template: Map<string, string>, owned: readonly string[]): FileChange[] {
  const files = openFolder(folder);
  const changes: FileChange[] = [];
  for (const [path, after] of template) {
    const before = files.read(path);
    if (before !== undefined) {
      if (owned.includes(path) || hasSameLines(before, after)) continue;
      // As this or another version wrote it: nothing of the owner's is in it.
      const isIntact = readHead(before.replaceAll('\r\n', '\n'))?.isIntact;
      if (!isIntact) throw new InjectError('functionDiffers', {}, { file: join(folder, path) });
    }
    changes.push({ path, before, after });
  }
  return changes;
}
