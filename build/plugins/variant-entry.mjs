import { ES5, PLUGINS } from '../products.mjs';

/** A module that starts the injected shim with just the given channels, and with the plugin part where it is named. */
export function variantEntry(parts) {
  const id = `\0variant:${parts.join('+')}`;
  const channels = parts.filter((part) => part !== PLUGINS);
  const plugins = [
    `import { startPlugins } from './${ES5}/runtime/plugins/host/auto.js';`,
    `export { connectPlugin, connectPlugins } from './${ES5}/runtime/plugins/host/auto.js';`,
    'startPlugins();',
  ];
  const source = [
    ...channels.map((channel) => `import { ${channel} } from './${ES5}/runtime/channels/${channel}.js';`),
    `import { start } from './${ES5}/runtime/auto.js';`,
    `export * from './${ES5}/runtime/exports.js';`,
    `start({ ${channels.map((channel) => `${channel}: ${channel}`).join(', ')} });`,
    ...(parts.includes(PLUGINS) ? plugins : []),
  ].join('\n');
  return {
    name: 'variant-entry',
    resolveId(imported, importer) {
      if (imported === id) return id;
      return importer === id ? this.resolve(imported, `${process.cwd()}/rollup.config.mjs`) : null;
    },
    load: (loaded) => (loaded === id ? source : null),
  };
}
