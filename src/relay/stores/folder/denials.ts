import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digest } from '../../../invocation';
import type { Denial, DenialStore } from '../../owners/deny-list';
import { writeWholeFile } from './whole-file';

const NAME = /^[0-9a-f]{64}\.json$/;

/**
 * Denials in a folder, a file for each, so that a relay and commands change and read it at the same time. A file is
 * named after the digest of what it holds: it is whole from the moment that its name is there.
 */
export class FolderDenials implements DenialStore {
  /** @param folder - of the files; made when the first one is */
  constructor(private readonly folder: string) {}

  async add(denial: Denial): Promise<void> {
    await writeWholeFile(this.#pathOf(denial), JSON.stringify(denial));
  }

  async remove(denial: Denial): Promise<void> {
    await rm(this.#pathOf(denial), { force: true });
  }

  async read(version?: string): ReturnType<DenialStore['read']> {
    const names = (await readdir(this.folder).catch(noneIfMissing)).filter((name) => NAME.test(name)).sort();
    const found = digest(names.join());
    if (found === version) return undefined;
    const texts = await Promise.all(
      names.map((name) => readFile(join(this.folder, name), 'utf8').catch(ifMissing)),
    );
    // One that was removed meanwhile changes the version of the next look.
    const denials = texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as Denial]));
    return { version: found, denials };
  }

  #pathOf({ kind, name }: Denial): string {
    return join(this.folder, `${digest(JSON.stringify([kind, name]))}.json`);
  }
}

function noneIfMissing(error: NodeJS.ErrnoException): string[] {
  ifMissing(error);
  return [];
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
