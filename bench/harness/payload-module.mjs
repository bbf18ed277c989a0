import { rollup } from 'rollup';
import { ES5 } from '../../build/products.mjs';
import buildConfig from '../../rollup.config.mjs';
import { inPackage } from './paths.mjs';

const ENTRY = '\0payload';
const runtime = (file) => JSON.stringify(inPackage(`${ES5}/runtime/${file}.js`));

/** The imported file, and beside it the step of a call that is measured here and that nothing exports. */
const entry = {
  name: 'payload-entry',
  resolveId: (id) => (id === ENTRY ? id : null),
  load: (id) =>
    id === ENTRY
      ? `export { CDN } from ${runtime('index')};
         import { readPayload } from ${runtime('payload/payload')};
         export function prepare(data, urls) { return readPayload(data, {}).textWith(urls); }`
      : null,
};

/**
 * What prepares a payload (`src/runtime/payload/payload.ts`, the marker, and what they need), as the build has lowered it,
 * minified in memory by the plugins of rollup.config.mjs itself.
 *
 * @returns its text, a CommonJS module with `prepare(data, urls)` and `CDN`; as it ships, and `readable` for profiles
 */
export async function payloadSource() {
  const injected = buildConfig.find(({ plugins }) => plugins?.some(({ name }) => name === 'variant-entry'));
  const minified = injected.output.find(({ entryFileNames }) => entryFileNames.endsWith('.min.js'));
  const bundle = await rollup({
    input: ENTRY,
    plugins: [entry, ...injected.plugins.filter(({ name }) => name !== 'variant-entry')],
  });
  const textWith = async (plugins) =>
    (await bundle.generate({ ...minified, dir: undefined, plugins })).output[0].code;
  const payload = await textWith(minified.plugins.filter(({ name }) => name === 'minify'));
  const readable = await textWith([]);
  await bundle.close();
  return { payload, readable };
}
