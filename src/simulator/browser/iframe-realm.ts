import type { Any } from '../types';
import type { Intrinsics, Realm, RealmOptions } from '../realm/realm';
import { shapeRealm } from '../realm/engines';

/** The parts of the DOM that a realm is made with; the simulator is compiled without its types. */
interface Frame {
  style: { display: string };
  contentWindow: Any;
  remove(): void;
}
declare const document: {
  createElement(tag: 'iframe'): Frame;
  documentElement: { append(frame: Frame): void };
};

/** What a browser's window has beyond the language: page code finds none of it. */
const LANGUAGE =
  /^(Object|Function|Array|Number|parseFloat|parseInt|Infinity|NaN|undefined|Boolean|String|Symbol|Date|Promise|RegExp|(Aggregate|Eval|Range|Reference|Syntax|Type|URI)?Error|JSON|Math|Intl|ArrayBuffer|Atomics|(Big)?(Int|Uint)\d+(Clamped)?Array|Float\d+Array|DataView|Map|BigInt|Set|Iterator|Weak(Map|Set|Ref)|Proxy|Reflect|FinalizationRegistry|SharedArrayBuffer|(de|en)codeURI(Component)?|(un)?escape|eval|isFinite|isNaN|globalThis|WebAssembly)$/;

/** The other constructors that compile text, each reached through a function; in Node the realm itself forbids it. */
const NO_OTHER_CODE_FROM_TEXT = `
  [function* () {}, async function () {}, async function* () {}].forEach(function (made) {
    Object.defineProperty(Object.getPrototypeOf(made), 'constructor', { value: function () {
      throw new EvalError('Code generation from strings disallowed for this context');
    } });
  });
`;

const framesOf = new WeakMap<Realm, Frame>();

/**
 * A realm in an iframe of the page. Page code sees no DOM by name; it is no wall against code that looks for one, so that
 * code of strangers belongs into a sandboxed page without same-origin.
 */
export function createIframeRealm(options: RealmOptions): Realm {
  const frame = document.createElement('iframe');
  frame.style.display = 'none';
  document.documentElement.append(frame);
  const global = frame.contentWindow as Any;
  const evaluate = global.eval as (source: string) => unknown;
  const script = (source: string, name = 'script'): unknown => evaluate(`${source}\n//# sourceURL=${name}`);
  const intrinsics = script(
    '({ Object, Array, Error, TypeError, Promise, ArrayBuffer, Uint8Array, JSON })',
  ) as Intrinsics;
  for (const name of Object.getOwnPropertyNames(global)) {
    // Some cannot be taken away; the loader hides those from its modules.
    if (!LANGUAGE.test(name)) Reflect.defineProperty(global, name, { value: undefined, writable: true });
  }
  script(NO_OTHER_CODE_FROM_TEXT);
  const realm: Realm = {
    global,
    intrinsics: { ...intrinsics, JSON: shapeRealm(script, intrinsics, options) },
    script,
    // All on the first line, so that lines are those of the source.
    compile: (source, parameters, name) =>
      script(`(function (${parameters.join(', ')}) {${source}\n})`, name) as (...args: unknown[]) => unknown,
  };
  framesOf.set(realm, frame);
  return realm;
}

/**
 * Collects the reasons of unhandled rejections.
 *
 * @param report - is called with each of them as well
 * @returns stops, and takes the realm out of the page
 */
export function collectUnhandledOf(
  realm: Realm,
  reasons: unknown[],
  report?: (reason: unknown) => void,
): () => void {
  const frame = framesOf.get(realm) as Frame;
  frame.contentWindow.addEventListener(
    'unhandledrejection',
    (event: { reason: unknown; preventDefault(): void }) => {
      event.preventDefault();
      reasons.push(event.reason);
      report?.(event.reason);
    },
  );
  return () => frame.remove();
}
