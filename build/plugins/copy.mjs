import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Copies files and folders as they are. @param copies - target in the output's folder, by source */
export const copy = (copies) => ({
  name: 'copy',
  generateBundle() {
    const emit = (from, fileName) => this.emitFile({ type: 'asset', fileName, source: readFileSync(from) });
    for (const [from, to] of Object.entries(copies)) {
      if (path.extname(from)) emit(from, to);
      else {
        for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
          if (!entry.isFile()) continue;
          const file = path.join(entry.parentPath, entry.name);
          emit(file, path.posix.join(to, path.relative(from, file).split(path.sep).join('/')));
        }
      }
    }
  },
});
