import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  isWaitingPush,
  MAX_WAITING_BYTES,
  MAX_WAITING_PUSHES,
  type PushStore,
  type WaitingPush,
} from '../../push/push-store';
import type { StoreLog } from '../log';
import { DamagedFile, readWholeFile, setAside } from './damaged-file';
import { writeWholeFile } from './whole-file';

const NAME = /^([0-9a-f]{64})\.json(\.\d+\.\d+\.new)?$/;

/** Pushes that wait, in a folder of one process, a file for each: it is whole from the moment that its name is there. */
export class FolderPushes implements PushStore {
  /** Their bytes by their ids. */
  readonly #sizes = new Map<string, number>();
  #bytes = 0;

  /** @param fence - throws when the folder may have become another process's; nothing is written or handed on then */
  private constructor(
    private readonly folder: string,
    private readonly fence: () => Promise<void>,
    private readonly log: StoreLog,
  ) {}

  /** @param folder - of the files; made when the first one is */
  static async open(folder: string, fence: () => Promise<void>, log: StoreLog): Promise<FolderPushes> {
    const pushes = new FolderPushes(folder, fence, log);
    for (const name of await readdir(folder).catch(noneIfMissing)) {
      const [, eventId, isUnfinished] = NAME.exec(name) ?? [];
      // What a crash left half-written was not answered with success: the platform sends it again.
      if (isUnfinished) await rm(join(folder, name), { force: true });
      else if (eventId) pushes.#note(eventId, (await stat(join(folder, name))).size);
    }
    // A damaged one must not stand for a push that the platform sends again.
    await pushes.list();
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
    for (const eventId of [...this.#sizes.keys()]) {
      const push = await this.#read(eventId);
      if (push) pushes.push(push);
    }
    return pushes.sort((one, other) => one.at - other.at);
  }

  /** One that cannot be read keeps none of the others from being handed on. */
  async #read(eventId: string): Promise<WaitingPush | undefined> {
    try {
      // None where it was accepted meanwhile, or is being written.
      return await readWholeFile<WaitingPush>(this.#pathOf(eventId), (push) => isWaitingPush(push, eventId));
    } catch (error) {
      if (error instanceof DamagedFile) {
        await setAside(error, "a push does not reach the owner's hook", this.log);
        this.#forget(eventId);
      } else this.log.error('a push that waits cannot be read', { err: error, event: eventId });
      return undefined;
    }
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
