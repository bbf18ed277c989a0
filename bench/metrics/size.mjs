import { existsSync, readFileSync } from 'node:fs';
import { gzipped, sizeOfPeer } from '../harness/minified-peer.mjs';
import { inPackage } from '../harness/paths.mjs';
import { target } from '../harness/row.mjs';
import { round } from '../harness/statistics.mjs';

export const keys = ['size'];
export const title = 'size of what an app carries, minified and gzipped';

/** As shipped, and the most bytes. */
const FILES = {
  bridge: ['dist/compat/bridge.min.js', 4096],
  'all channels': ['dist/servicemarket-compat.min.js', 5120],
  plugin: ['miniprogram_dist/plugin.js', 1536],
};
const PEERS = [
  'axios-miniprogram-adapter',
  'promise-polyfill',
  'abortcontroller-polyfill',
  '@cloudbase/adapter-wx_mp',
];

function sizeOf(file) {
  if (!existsSync(inPackage(file))) return NaN;
  return gzipped(readFileSync(inPackage(file), 'utf8'));
}

export async function measure() {
  const ours = {};
  const peers = {};
  for (const [name, [file]] of Object.entries(FILES)) ours[name] = sizeOf(file);
  for (const name of PEERS) peers[name] = await sizeOfPeer(name);
  return {
    size: {
      unit: 'bytes',
      ours,
      peers,
      ratio: round(ours.bridge / peers[PEERS[0]]),
      targets: Object.entries(FILES).map(([name, [, limit]]) => target(name, ours[name], limit)),
      counts: true,
    },
  };
}
