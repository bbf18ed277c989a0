import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import extractFiles from 'extract-files/extractFiles.mjs';
import { SuperJSON } from 'superjson';
import { makeData, urlOf } from './data.mjs';
import { twoPass } from './two-pass.mjs';

const require = createRequire(import.meta.url);
// Not among the package's exports: the public encoder walks the data once more before it comes here.
const { deconstructPacket } = require(join(dirname(require.resolve('socket.io-parser')), 'binary.js'));

const SYMBOL = Symbol('marker');

class Marker {
  constructor(index) {
    this.symbol = SYMBOL;
    this.options = 'content ' + index;
    this.index = index;
  }
}
const isMarker = (value) => value instanceof Marker;

/**
 * Every way to turn data with markers into the text with URLs. Each has its data made beforehand with the kind
 * of marker that it knows, and gives the same text.
 *
 * @param payload - the exports of payload-module.mjs
 */
export function payloadWays({ prepare, CDN }, leaves, markers) {
  const ofKind = (makeMarker) => makeData(leaves, markers, makeMarker);
  const urls = Array.from({ length: markers }, (_, i) => urlOf(i));
  const finished = ofKind(urlOf);
  const ours = ofKind((i) => new CDN('content ' + i));
  const marked = ofKind((i) => new Marker(i));
  const buffers = ofKind((i) => new Uint8Array([i & 255]).buffer);
  const superjson = new SuperJSON();
  superjson.registerCustom(
    { isApplicable: isMarker, serialize: (marker) => urls[marker.index], deserialize: String },
    'marker',
  );

  return {
    ours: () => prepare(ours, urls),
    plain: () => JSON.stringify(finished),
    'two-pass': () => twoPass(marked, SYMBOL, urlOf),
    'extract-files': () => {
      const { clone, files } = extractFiles(marked, isMarker);
      for (const [marker, paths] of files) for (const path of paths) setAt(clone, path, urls[marker.index]);
      return JSON.stringify(clone);
    },
    'socket.io-parser': () => {
      const { packet } = deconstructPacket({ data: buffers });
      const text = JSON.stringify(packet.data);
      return markers
        ? text.replace(/\{"_placeholder":true,"num":(\d+)\}/g, (_, i) => JSON.stringify(urls[i]))
        : text;
    },
    superjson: () => JSON.stringify(superjson.serialize(marked).json),
    structuredClone: () => JSON.stringify(globalThis.structuredClone(finished)),
  };
}

/** Sets a value by a path of extract-files, such as `items.3.image`. */
function setAt(root, path, value) {
  const keys = path.split('.');
  const last = keys.pop();
  keys.reduce((node, key) => node[key], root)[last] = value;
}
