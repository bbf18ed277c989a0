import { createHash } from 'node:crypto';
import { PLUGINS } from '../products.mjs';
import { name, version } from './stamp-version.mjs';

/**
 * Wraps the finished code: a head with name, version, channels and checksum (of all that follows it), no
 * global but the host's own, and the injector's configuration as the last argument; after it the injector puts
 * what requires the plugins, where the file has that part. `src/inject/edits/runtime-file.ts` reads and rewrites the
 * head; it cannot be used here, because this runs before anything is compiled, and tests read what is built with it.
 */
export function wrapInjected(parts) {
  const parameters = parts.includes(PLUGINS) ? 'exports,config,plugins' : 'exports,config';
  return {
    name: 'wrap-injected',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        const body = `(function(${parameters}){${chunk.code.trim()}\n})(typeof exports==="object"&&exports?exports:{},{});\n`;
        const checksum = createHash('sha256').update(body).digest('hex').slice(0, 16);
        chunk.code = `/*! ${name} v${version} ${parts.join('+')} sha256:${checksum} */\n${body}`;
      }
    },
  };
}
