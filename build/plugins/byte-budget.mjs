import { gzipSync } from 'node:zlib';
import { BUDGETS, PLUGINS, PLUGINS_BUDGET } from '../products.mjs';

/** Gzipped sizes by file, for those that may grow by a part. */
const sizes = new Map();

/** How many bytes a file may have, gzipped; for one with the plugin part, that part on top of the file without it. */
function budgetOf(fileName) {
  const without = sizes.get(fileName.replace(`+${PLUGINS}`, ''));
  return fileName.includes(`+${PLUGINS}`) ? without + PLUGINS_BUDGET : BUDGETS[fileName];
}

/** Fails the build when a file is larger, gzipped, than its budget. */
export const byteBudget = {
  name: 'byte-budget',
  writeBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      const budget = budgetOf(chunk.fileName);
      const bytes = gzipSync(chunk.code, { level: 9 }).length;
      sizes.set(chunk.fileName, bytes);
      if (BUDGETS[chunk.fileName]) console.log(`${chunk.fileName}: ${bytes} bytes gzipped`);
      if (bytes > budget)
        this.error(`${chunk.fileName} is ${bytes} bytes gzipped, over its budget of ${budget}`);
    }
  },
};
