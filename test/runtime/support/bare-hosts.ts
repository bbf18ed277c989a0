/** Hosts without the shim, which are closed after each test, and a call for them. */
import type { Host, HostOptions } from '../../../src/simulator';
import { FILES, openHost } from '../../support/hosts';

/** A host with a page's files that gives its upload to pages. */
export function hostOf(options: HostOptions = {}): Host {
  const host = openHost({ upload: 'allowed', files: FILES, ...options });
  return host;
}

/** Page code that calls a service; `sm` is the service market. */
export const CALL = "return sm.invokeService({service: 'wxSVC', api: 'API', data: {k: 1}})";
