export { InjectError } from './errors';
export type { FaultPlace } from './errors';
export { injectProject, removeInjection } from './inject-project';
export type { InjectOptions, InjectResult, RemoveResult } from './inject-project';
