import type { FileStore } from './files/file-store';
import type { limitBufferedBodies } from './http/hooks/limits';
import type { Settings } from './options';
import type { Limiter } from '../invocation';
import type { Sessions } from './stores/stores';

/** What every route works with. */
export interface RelayContext {
  settings: Settings;
  sessions: Sessions;
  limiter: Limiter;
  files: FileStore;
  /** See http/hooks/limits.ts. */
  limitBufferedBodies: ReturnType<typeof limitBufferedBodies>;
  /** Where the relay is reached from outside, without a slash at the end. */
  publicUrl(): string;
}
