import type { ReadDisk } from '../client/files';
import type { RealHttp } from '../network/network';
import type { Realm, RealmOptions } from '../realm/realm';
import type { ModuleFiles } from './modules';

/** What a host needs of the machine that it runs on. Nothing else in it knows Node: `node/machine.ts` does. */
export interface Machine {
  files: ModuleFiles;
  readBytes: ReadDisk;
  createRealm(options: RealmOptions): Realm;
  /** Collects the reasons of unhandled rejections of the realm's promises. @returns stops collecting */
  collectUnhandled(realm: Realm, reasons: unknown[]): () => void;
  /** Carries out exchanges over real connections. */
  http: RealHttp;
}
