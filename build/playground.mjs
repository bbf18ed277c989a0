/** `npm run playground`: the command of the same name, built first where that is needed. */
import { ensureBuilt } from './ensure-built.mjs';

ensureBuilt(['dist/node/cli.js', 'dist/node/playground.js', 'dist/playground/page.js']);
process.argv.splice(2, 0, 'playground');
await import('../dist/node/cli.js');
