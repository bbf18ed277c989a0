/** Hosts without the shim, which are closed after each test, and a call for them. */
import { createHost } from '../../src/simulator';
import type { Host, HostOptions } from '../../src/simulator';
import { FILES } from './support';

const hosts: Host[] = [];
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
});

/** A host with a page's files that gives its upload to pages. */
export function hostOf(options: HostOptions = {}): Host {
  const host = createHost({ upload: 'allowed', files: FILES, ...options });
  hosts.push(host);
  return host;
}

/** Page code that calls a service; `sm` is the service market. */
export const CALL = "return sm.invokeService({service: 'wxSVC', api: 'API', data: {k: 1}})";
