/** Texts of built files of this package, which rollup puts in. */
declare module 'playground:runtime' {
  /** What injection puts into a mini-program. */
  export const RUNTIME: string;
  /** The same for one that declares a plugin. */
  export const RUNTIME_WITH_PLUGINS: string;
  /** What injection puts into a plugin. */
  export const PLUGIN_RUNTIME: string;
  /** What `require('miniprogram-servicemarket')` gives. */
  export const PACKAGE: string;
}

/** A provider of the demo, which runs in a page as it does in Node. */
declare module '*/provider/text-check.js' {
  export function checkText(data: unknown): unknown;
}
