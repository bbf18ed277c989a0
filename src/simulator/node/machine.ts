import { createRequire } from 'node:module';
import type { Machine } from '../host/machine';
import { nodeModuleFiles, readNodeFile, readRuntimeFile } from './files';
import { nodeHttp } from './http';
import { collectUnhandled, createVmRealm } from './vm-realm';

/** Files, realms and connections of Node. */
export const nodeMachine: Machine = {
  files: nodeModuleFiles,
  readBytes: readNodeFile,
  createRealm: createVmRealm,
  collectUnhandled,
  runtimeFile: readRuntimeFile,
  loadPackage: (name) => createRequire(__filename)(name) as unknown,
  http: nodeHttp,
};
