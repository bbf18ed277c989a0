import type { ReadDisk } from '../client/files';
import type { RealHttp } from '../network/network';
import type { Realm, RealmOptions } from '../realm/realm';
import type { ModuleFiles } from '../modules/modules';

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
}
