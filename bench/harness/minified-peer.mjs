import { createRequire } from 'node:module';
import { isAbsolute } from 'node:path';
import { gzipSync } from 'node:zlib';
import commonjs from '@rollup/plugin-commonjs';
import { rollup } from 'rollup';
import { minify } from 'terser';

const require = createRequire(import.meta.url);

/** Bytes of a text as it is sent. */
export const gzipped = (text) => gzipSync(text, { level: 9 }).length;

/** A text as terser makes it, with the settings that the peers get too. */
async function minified(text) {
  const { code } = await minify(text, {
    ecma: 5,
    // The names at the top of a CommonJS module are its own.
    toplevel: true,
    compress: { passes: 5, pure_getters: true, hoist_vars: true },
    format: { comments: false },
  });
  return code;
}

/**
 * A package's own code in one minified file. What it requires of other packages is left out, in its favour.
 *
 * @returns bytes, gzipped
 */
export async function sizeOfPeer(name) {
  const bundle = await rollup({
    input: require.resolve(name),
    external: (id) => !/^[./\0]/.test(id) && !isAbsolute(id),
    plugins: [commonjs()],
    onwarn() {},
  });
  const { output } = await bundle.generate({ format: 'cjs', exports: 'auto' });
  await bundle.close();
  return gzipped(await minified(output[0].code));
}
