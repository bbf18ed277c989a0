/** `npm run demo`: the demo, built first where that is needed. */
import { spawnSync } from 'node:child_process';
import { ensureBuilt } from './ensure-built.mjs';

ensureBuilt([
  'dist/node/simulator.js',
  'dist/node/relay.js',
  'dist/node/inject.js',
  'dist/compat/bridge.min.js',
]);
const script = 'demo-miniprogram/run.js';
const { status } = spawnSync(process.execPath, [script, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
