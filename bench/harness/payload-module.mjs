import { rollup } from 'rollup';
import buildConfig from '../../rollup.config.mjs';
import { inPackage } from './paths.mjs';

const ENTRY = '\0payload';

/**
 * What prepares a payload, alone, as the injected files hold it: `src/runtime/payload.ts` and the marker,
 * compiled and minified by the plugins of rollup.config.mjs itself.
 *
 * @returns its text, a CommonJS module with `readPayload` and `CDN`
 */
export async function payloadSource() {
  const injected = buildConfig.find(({ plugins }) => plugins.some(({ name }) => name === 'variant-entry'));
  const minified = injected.output.find(({ entryFileNames }) => entryFileNames.endsWith('.min.js'));
  const entry = {
    name: 'payload-entry',
    resolveId: (id) => (id === ENTRY ? id : null),
    load: (id) =>
      id === ENTRY
        ? `export { readPayload } from '${inPackage('src/runtime/payload.ts')}';
           export { CDN } from '${inPackage('src/runtime/cdn.ts')}';`
        : null,
  };
  const bundle = await rollup({
    input: ENTRY,
    plugins: [entry, ...injected.plugins.filter(({ name }) => name !== 'variant-entry')],
  });
  const { output } = await bundle.generate({
    ...minified,
    dir: undefined,
    plugins: minified.plugins.filter(({ name }) => name === 'minify'),
  });
  await bundle.close();
  return output[0].code;
}
