export { createRelay } from './create-relay';
export { startRelay, type ListenOptions, type RunningRelay } from './start-relay';
export type { Authenticate, LogOptions, Patience, RelayOptions } from './options';
export { RelayError } from './errors';
export type { UserLimits } from './state/limits';
export type { Counters } from './state/counters';
export type { Sessions } from './state/sessions';
export type { FileStore, StoredFile } from './files/file-store';
