/** `npm run playground`: the command of the same name, built first where that is needed. */
import { spawn } from 'node:child_process';
import { ensureBuilt } from './ensure-built.mjs';

ensureBuilt(['dist/node/cli.js', 'dist/node/playground.js', 'dist/playground/page.js']);
const args = ['dist/node/cli.js', 'playground', ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { stdio: 'inherit' });
// Ctrl+C reaches the command too, which ends by itself.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => (process.exitCode = code ?? 1));
