/** The simulator of a page, where the suites import that of Node. */
import {
  createHost as createHostInPage,
  type Host,
  type HostOptions,
} from '../../../../../src/simulator/browser';
import { texts } from './node-fs';

export * from '../../../../../src/simulator/browser';

/** A host that sees the files which the suite has written, and runs no project of itself. */
export const createHost = (options: HostOptions): Host =>
  createHostInPage({ sources: Object.fromEntries(texts), project: undefined, ...options });
