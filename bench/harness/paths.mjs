import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's folder. */
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** A path of the package, for example `dist/compat/bridge.min.js`. */
export const inPackage = (path) => join(ROOT, path);
