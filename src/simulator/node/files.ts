import fs from 'node:fs';
import path from 'node:path';
import type { ReadDisk } from '../client/files';
import type { ModuleFiles } from '../modules/modules';
import { upwards } from '../modules/packages';

/** Files of this machine, for the module loader: the counterpart of browser/memory-files.ts. */
export const nodeModuleFiles: ModuleFiles = {
  read: (file) => fs.readFileSync(file, 'utf8'),
  exists: (file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true,
  isFolder: (path) => fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
  resolve: (...parts) => path.resolve(...parts),
  dirname: (file) => path.dirname(file),
  inside: (folder, file) => file.startsWith(folder + path.sep),
};

export const readNodeFile: ReadDisk = (file) => Uint8Array.from(fs.readFileSync(file));

const OWN_NAME = 'miniprogram-servicemarket';

/** The built runtime of this package. @throws Error when it was not built */
export function readRuntimeFile(): string {
  const home = upwards(nodeModuleFiles, __dirname).find((folder) => {
    const manifest = path.join(folder, 'package.json');
    return nodeModuleFiles.exists(manifest) && JSON.parse(nodeModuleFiles.read(manifest)).name === OWN_NAME;
  });
  return nodeModuleFiles.read(path.join(home ?? __dirname, 'dist/servicemarket-compat.min.js'));
}
