import { readFileSync } from 'node:fs';
import v8 from 'node:v8';
import vm from 'node:vm';
import { compare } from '../harness/compare.mjs';
import { inPackage } from '../harness/paths.mjs';
import { round } from '../harness/statistics.mjs';
import { target } from '../harness/row.mjs';

export const keys = ['load'];
export const title = 'loading the injected file: compiling it and running it';

const info = () => ({ SDKVersion: '2.8.3' });
const invokeService = () => {};
const getAsyncResult = () => {};
function CDN() {
  this.symbol = 1;
}

/** What the file finds as `wx`: a host of the newest base library, and one of an old one. */
const HOSTS = {
  'needs nothing': () => ({ getSystemInfoSync: info, serviceMarket: { invokeService, getAsyncResult, CDN } }),
  'needs all': () => ({ getSystemInfoSync: info, operateWXData() {} }),
};

/** The reference is the compiler alone, which V8 lets read functions only as far as it must. */
export async function measure() {
  const text = readFileSync(inPackage('dist/servicemarket-compat.min.js'), 'utf8');
  // Else V8 compiles the same text only once.
  v8.setFlagsFromString('--no-compilation-cache');
  const compile = () => new vm.Script(text);
  const ways = { compiling: compile };
  for (const [name, makeHost] of Object.entries(HOSTS)) {
    ways[name] = () => {
      globalThis.wx = makeHost();
      compile().runInThisContext();
    };
    ways[name]();
    const { serviceMarket = {} } = globalThis.wx;
    const isNative = serviceMarket.invokeService === invokeService;
    if (typeof serviceMarket.invokeService !== 'function' || isNative === (name === 'needs all')) {
      throw new Error(`The file did not do what it has to on a host that ${name}`);
    }
  }
  const { ms, ratio, noise, counts, rounds } = await compare(ways, 'compiling');
  const micro = (name) => round(ms[name] * 1000);
  return {
    load: {
      unit: 'µs',
      ours: Object.fromEntries(Object.keys(HOSTS).map((name) => [name, micro(name)])),
      peers: { compiling: micro('compiling') },
      ratio: ratio['needs all'],
      ratios: { 'needs nothing': ratio['needs nothing'], 'needs all': ratio['needs all'] },
      targets: [
        target('needs nothing / compiling', ratio['needs nothing'], 1.2),
        target('needs all / compiling', ratio['needs all'], 2),
      ],
      noise,
      counts,
      rounds,
    },
  };
}
