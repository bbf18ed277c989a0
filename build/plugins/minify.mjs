import swc from '@swc/core';

const STRICT = /^(['"])use strict\1;?/;

/**
 * Minifies the injected files to ES5 (gzipped, 2 % smaller than terser's output of the same code). The directive
 * is kept aside: the minifier puts variables before it, where it is none.
 */
export const minify = {
  name: 'minify',
  async renderChunk(text) {
    const { code } = await swc.minify(text.replace(STRICT, ''), {
      ecma: 5,
      compress: { passes: 5, toplevel: true, pure_getters: true, keep_fargs: false, hoist_vars: true },
      mangle: { toplevel: true },
      format: { comments: false },
    });
    return `"use strict";${code}`;
  },
};
