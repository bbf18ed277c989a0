import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digest } from '../../../invocation';
import { type Denial, denialId, type DenialStore } from '../../owners/deny-list';
import { readWholeFile } from './damaged-file';
import { writeWholeFile } from './whole-file';

const NAME = /^([0-9a-f]{64})\.json$/;

/**
 * Denials in a folder, a file for each, so that a relay and commands change and read it at the same time. A file is
 * named after the digest of what it holds: it is whole from the moment that its name is there.
 */
export class FolderDenials implements DenialStore {
  /** @param folder - of the files; made when the first one is */
  constructor(private readonly folder: string) {}

  async add(denial: Denial): Promise<void> {
    await writeWholeFile(this.#pathOf(denialId(denial)), JSON.stringify(denial));
  }

  async remove(denial: Denial): Promise<void> {
    await rm(this.#pathOf(denialId(denial)), { force: true });
  }

  async read(version?: string): ReturnType<DenialStore['read']> {
    const names = await readdir(this.folder).catch(noneIfMissing);
    const ids = names.flatMap((name) => NAME.exec(name)?.[1] ?? []).sort();
    const found = digest(ids.join());
    if (found === version) return undefined;
    const [denials, damaged]: [Denial[], string[]] = [[], []];
    await Promise.all(
      ids.map(async (id) => {
        try {
          const denial = await readWholeFile<Denial>(
            this.#pathOf(id),
            (value) => denialId(value as Denial) === id,
          );
          // One that was removed meanwhile changes the version of the next look.
          if (denial) denials.push(denial);
        } catch {
          // Also one that may not be read, as a command of another user of the machine has left it: its name says enough.
          damaged.push(id);
        }
      }),
    );
    return { version: found, denials, damaged };
  }

  #pathOf(id: string): string {
    return join(this.folder, `${id}.json`);
  }
}

function noneIfMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code !== 'ENOENT') throw error;
  return [];
}
