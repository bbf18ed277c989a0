/** The simulator in a page: realms are iframes, files are texts, and nothing leaves the page. */
import { createHostOn } from '../host/create-host';
import type { HostOptions } from '../host/options';
import type { Host } from '../types';
import { collectUnhandledOf, createIframeRealm } from './iframe-realm';
import { memoryFiles } from './memory-files';

export { assertBilled, assertCalledService, assertUploaded } from '../assertions/assert';
export { matchers } from '../assertions/matchers';
export { PROFILES } from '../host/profiles';
export { ProviderError } from '../market/types';
export type * from '../types';
export type { HostOptions };

export interface BrowserHostOptions extends HostOptions {
  /** Texts of the mini-program's files by their path in `project`. */
  sources?: Record<string, string>;
  /** Text of `dist/servicemarket-compat.min.js`, for a project that asks for it. */
  runtime?: string;
  /** The modules `glass-easel` and `glass-easel-template-compiler`, for taps. */
  packages?: Record<string, unknown>;
}

/**
 * A mini-program host in the page. @see the same function of `miniprogram-servicemarket/simulator`
 *
 * @throws Error when an option has a value that it cannot have, or `sdkVersion` is older than 1.6.0
 */
export function createHost({ sources, runtime, packages = {}, ...options }: BrowserHostOptions = {}): Host {
  const machine = {
    files: memoryFiles(sources ?? {}),
    readBytes(path: string): Uint8Array {
      throw new Error(`Failed to read ${path}: a page has no files on disk. Give bytes.`);
    },
    createRealm: createIframeRealm,
    collectUnhandled: collectUnhandledOf,
    runtimeFile: () => demand(runtime, 'runtime'),
    loadPackage: (name: string) => demand(packages[name], `packages['${name}']`),
    http: () => Promise.reject(new Error('a page of the simulator reaches no server')),
  };
  return createHostOn(machine, sources ? { project: '/', ...options } : options);
}

function demand<T>(value: T | undefined, option: string): T {
  if (value === undefined)
    throw new Error(`Failed to create a host in the page: the option ${option} is missing.`);
  return value;
}
