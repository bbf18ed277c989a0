import swc from '@swc/core';

/** Minifies the injected files to ES5 (gzipped, 2 % smaller than terser's output of the same code). */
export const minify = {
  name: 'minify',
  renderChunk: (code) =>
    swc.minify(code, {
      ecma: 5,
      compress: { passes: 5, toplevel: true, pure_getters: true, keep_fargs: false, hoist_vars: true },
      mangle: { toplevel: true },
      format: { comments: false },
    }),
};
