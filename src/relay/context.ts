import type { Limiter, Market } from '../invocation';
import type { FileIds } from './files/file-id';
import type { FileStore } from './files/file-store';
import type { ClientAddresses } from './http/client-address';
import type { limitBufferedBodies } from './http/hooks/limits';
import type { Settings } from './options';
import type { DenyList } from './owners/deny-list';
import type { Sessions } from './stores/stores';

/** What every route works with. */
export interface RelayContext {
  settings: Settings;
  sessions: Sessions;
  denied: DenyList;
  limiter: Limiter;
  files: FileStore;
  /** The platform's service market. */
  market: Market;
  fileIds: FileIds;
  clients: ClientAddresses;
  /** Hooks of the routes that read JSON of signed-in users. */
  bufferedBodies: ReturnType<typeof limitBufferedBodies>;
  /** Where the relay is reached from outside, without a slash at the end. */
  publicUrl(): string;
}
