import { createRequire } from 'node:module';
import { createHostOn } from '../host/create-host';
import type { Machine } from '../host/machine';
import type { HostOptions } from '../host/options';
import type { Host } from '../types';
import { nodeModuleFiles, readNodeFile, readRuntimeFile } from './files';
import { nodeHttp } from './http';
import { collectUnhandled, createVmRealm } from './vm-realm';

/** Files, realms and connections of Node. */
const nodeMachine: Machine = {
  files: nodeModuleFiles,
  readBytes: readNodeFile,
  createRealm: createVmRealm,
  collectUnhandled,
  runtimeFile: readRuntimeFile,
  loadPackage: (name) => createRequire(__filename)(name) as unknown,
  http: nodeHttp,
};

/**
 * A mini-program host: its own realm with `wx` and the loader's globals, a clock, and behind it a CDN and a
 * service market. With `project` it runs that mini-program: `open` its pages.
 *
 * @throws Error when an option has a value that it cannot have, or `sdkVersion` is older than 1.6.0
 */
export const createHost = (options: HostOptions = {}): Host => createHostOn(nodeMachine, options);
