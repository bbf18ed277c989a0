import type { ReadDisk } from '../client/files';
import type { RealHttp } from '../network/network';
import type { Realm, RealmOptions } from '../realm/realm';
import type { ModuleFiles } from '../modules/modules';
import type { OpenPage } from '../pages/page';
import type { LogLine, NativeCall, Upload } from '../types';
import type { Env } from './env';

/** What a host needs of the machine that it runs on. Nothing else in it knows Node: `node/create-host.ts` does. */
export interface Machine {
  files: ModuleFiles;
  readBytes: ReadDisk;
  createRealm(options: RealmOptions): Realm;
  /** Collects the reasons of unhandled rejections of the realm's promises. @returns stops collecting */
  collectUnhandled(realm: Realm, reasons: unknown[]): () => void;
  /** The built runtime that injection puts into an app. @throws Error when the package was not built */
  runtimeFile(): string;
  /** Loads a package that only some hosts need. @throws Error when it is not installed */
  loadPackage(name: string): unknown;
  /** Carries out exchanges over real connections. */
  http: RealHttp;
  /** Where pages are seen. @default nowhere: a test looks at them by their handles */
  screen?: Screen;
  /** Is called with what happens, as it happens. */
  watch?(happening: Happening): void;
}

/** Shows the pages of a host. */
export interface Screen {
  /** Pages have been opened or closed. @param pages - those that are open now, the one on top last */
  turn(env: Env, pages: readonly OpenPage[]): void;
  /** `setData` has changed what a page shows. */
  update(page: OpenPage): void;
}

/** What a host does, for somebody who looks on. */
export type Happening =
  /** A call crosses to the client, is answered, or is aborted. */
  | { type: 'native'; phase: 'start' | 'end'; call: NativeCall }
  /** A file is on its way out of the phone. `id` is that of this upload in all of its happenings. */
  | {
      type: 'upload';
      id: number;
      via: Upload['via'];
      state: 'running' | 'done' | 'failed';
      sent: number;
      total: number;
    }
  | { type: 'log'; line: LogLine }
  /** Page code threw out of a callback or a timer. */
  | { type: 'error'; error: unknown };
