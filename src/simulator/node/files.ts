import fs from 'node:fs';
import path from 'node:path';
import type { ReadDisk } from '../client/files';
import type { ModuleFiles } from '../host/modules';

/** Files of this machine, for the module loader. */
export const nodeModuleFiles: ModuleFiles = {
  read: (file) => fs.readFileSync(file, 'utf8'),
  exists: (file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true,
  resolve: (...parts) => path.resolve(...parts),
  dirname: (file) => path.dirname(file),
  inside: (folder, file) => file.startsWith(folder + path.sep),
};

export const readNodeFile: ReadDisk = (file) => Uint8Array.from(fs.readFileSync(file));
