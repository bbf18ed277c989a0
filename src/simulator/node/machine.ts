import type { Machine } from '../host/machine';
import { nodeModuleFiles, readNodeFile } from './files';
import { nodeHttp } from './http';
import { collectUnhandled, createVmRealm } from './vm-realm';

/** Files, realms and connections of Node. */
export const nodeMachine: Machine = {
  files: nodeModuleFiles,
  readBytes: readNodeFile,
  createRealm: createVmRealm,
  collectUnhandled,
  http: nodeHttp,
};
