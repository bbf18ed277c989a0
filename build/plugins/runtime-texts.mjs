import { readFile } from 'node:fs/promises';

const NAME = 'playground:runtime';

/** By the name that the playground imports. */
const FILES = {
  RUNTIME: 'dist/compat/bridge+relay+cloud.min.js',
  RUNTIME_WITH_PLUGINS: 'dist/compat/bridge+relay+cloud+plugins.min.js',
  PLUGIN_RUNTIME: 'dist/compat/plugin.min.js',
  PACKAGE: 'miniprogram_dist/index.js',
};

/** A module with the texts of files that were built before. */
export const runtimeTexts = {
  name: 'runtime-texts',
  resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
  async load(id) {
    if (id !== `\0${NAME}`) return null;
    const texts = await Promise.all(
      Object.entries(FILES).map(async ([name, file]) => {
        this.addWatchFile(file);
        return `export const ${name} = ${JSON.stringify(await readFile(file, 'utf8'))};`;
      }),
    );
    return texts.join('\n');
  },
};
