import type { FileContent } from '../host/options';
import { bytesOfText } from '../text';
import { NativeFailure } from './natives';

/** Where pages may write (`wx.env.USER_DATA_PATH`). */
export const USER_DATA_PATH = 'wxfile://usr';

/** Reads a file of the machine that the simulator runs on. */
export type ReadDisk = (path: string) => Uint8Array;

/** The files of one app: those of the platform (photos), and those that the app made. */
export class FileStore {
  private readonly contents = new Map<string, Uint8Array | { path: string }>();
  private readonly folders = new Set<string>([USER_DATA_PATH]);
  private readonly made = new Set<string>();

  constructor(
    private readonly readDisk: ReadDisk,
    private readonly quota: number,
  ) {}

  /** Adds a file of the platform. */
  give(path: string, content: FileContent): void {
    this.contents.set(path, typeof content === 'string' ? bytesOfText(content) : content);
  }

  has(path: string): boolean {
    return this.contents.has(path);
  }

  isFolder(path: string): boolean {
    return this.folders.has(path);
  }

  /** @throws NativeFailure with `missing` when there is no such file */
  read(path: string, missing = `no such file or directory, open "${path}"`): Uint8Array {
    const content = this.contents.get(path);
    if (!content) throw new NativeFailure(missing);
    return ArrayBuffer.isView(content) ? content : this.readDisk(content.path);
  }

  /** A file that the app makes, under USER_DATA_PATH or (downloads) as a temporary one. */
  make(path: string, bytes: Uint8Array): void {
    const others = [...this.made].filter((name) => name !== path);
    const used = others.reduce((sum, name) => sum + this.read(name).length, 0);
    if (used + bytes.length > this.quota) {
      throw new NativeFailure('the maximum size of the file storage limit is exceeded');
    }
    this.contents.set(path, bytes);
    this.made.add(path);
  }

  remove(path: string): void {
    if (!this.contents.delete(path)) {
      throw new NativeFailure(`no such file or directory, unlink "${path}"`);
    }
    this.made.delete(path);
  }

  makeFolder(path: string): void {
    this.folders.add(path);
  }

  removeFolder(path: string): void {
    this.folders.delete(path);
    for (const name of this.under(path)) this.remove(name);
  }

  /** Paths of the files below a folder. */
  under(folder: string): string[] {
    return [...this.contents.keys()].filter((name) => name.startsWith(`${folder}/`));
  }

  /** Paths of the files that the app made and has not removed. */
  madeByApp(): string[] {
    return [...this.made].sort();
  }
}
