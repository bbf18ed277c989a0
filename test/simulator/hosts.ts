import { createHost } from '../../src/simulator';
import type { Host, HostOptions } from '../../src/simulator';

/** A maker of hosts that closes them after each test. */
export function hostMaker(defaults: HostOptions = {}): (options?: HostOptions) => Host {
  const hosts: Host[] = [];
  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.close();
  });
  return (options) => {
    const host = createHost({ ...defaults, ...options });
    hosts.push(host);
    return host;
  };
}
