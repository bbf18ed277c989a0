import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  MAX_WAITING_BYTES,
  MAX_WAITING_PUSHES,
  type PushStore,
  type WaitingPush,
} from '../../push/push-store';
import { writeWholeFile } from './whole-file';

const NAME = /^([0-9a-f]{64})\.json$/;

/** Pushes that wait, in a folder of one process, a file for each: it is whole from the moment that its name is there. */
export class FolderPushes implements PushStore {
  /** Their bytes by their ids. */
  readonly #sizes = new Map<string, number>();
  #bytes = 0;

  /** @param fence - throws when the folder may have become another process's; nothing is written or handed on then */
  private constructor(
    private readonly folder: string,
    private readonly fence: () => Promise<void>,
  ) {}

  /** @param folder - of the files; made when the first one is */
  static async open(folder: string, fence: () => Promise<void>): Promise<FolderPushes> {
    const pushes = new FolderPushes(folder, fence);
    for (const name of await readdir(folder).catch(noneIfMissing)) {
      const [, eventId] = NAME.exec(name) ?? [];
      // What a crash left half-written was not answered with success: the platform sends it again.
      if (!eventId) await rm(join(folder, name), { force: true });
      else pushes.#note(eventId, (await stat(join(folder, name))).size);
    }
    return pushes;
  }

  async add(push: WaitingPush): Promise<boolean> {
    const { eventId } = push;
    if (this.#sizes.has(eventId)) return true;
    const text = Buffer.from(JSON.stringify(push));
    const hasRoom = this.#sizes.size < MAX_WAITING_PUSHES && this.#bytes + text.length <= MAX_WAITING_BYTES;
    if (!hasRoom) return false;
    // Before it is written, so that pushes that come at once have no more room together.
    this.#note(eventId, text.length);
    try {
      await this.fence();
      await writeWholeFile(this.#pathOf(eventId), text);
    } catch (error) {
      this.#forget(eventId);
      throw error;
    }
    return true;
  }

  async claim(eventId: string): Promise<boolean> {
    await this.fence();
    return this.#sizes.has(eventId);
  }

  async remove(eventId: string): Promise<void> {
    await rm(this.#pathOf(eventId), { force: true });
    this.#forget(eventId);
  }

  async list(): Promise<WaitingPush[]> {
    const pushes: WaitingPush[] = [];
    for (const eventId of this.#sizes.keys()) {
      const text = await readFile(this.#pathOf(eventId), 'utf8').catch(() => undefined);
      // It was accepted meanwhile, or is being written.
      if (text !== undefined) pushes.push(JSON.parse(text) as WaitingPush);
    }
    return pushes.sort((one, other) => one.at - other.at);
  }

  #note(eventId: string, bytes: number): void {
    this.#sizes.set(eventId, bytes);
    this.#bytes += bytes;
  }

  #forget(eventId: string): void {
    this.#bytes -= this.#sizes.get(eventId) ?? 0;
    this.#sizes.delete(eventId);
  }

  #pathOf(eventId: string): string {
    return join(this.folder, `${eventId}.json`);
  }
}

function noneIfMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code !== 'ENOENT') throw error;
  return [];
}
