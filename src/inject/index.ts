export { InjectError } from './errors';
export type { FaultPlace } from './errors';
export { injectProject } from './inject-project';
export type { InjectOptions, InjectResult } from './inject-project';
