import type { FastifyRequest } from 'fastify';
import { BlockList, isIP, type Socket } from 'node:net';
import { networkOf } from '../../invocation';
import type { Settings } from '../options';

/** Addresses behind the names that `trustProxy` knows; peers from any of them are no strangers from the internet. */
const RANGES: Record<string, readonly [string, number][]> = {
  loopback: [
    ['127.0.0.0', 8],
    ['::1', 128],
  ],
  linklocal: [
    ['169.254.0.0', 16],
    ['fe80::', 10],
  ],
  uniquelocal: [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['fc00::', 7],
  ],
};

/** Says whom a request or a connection counts for in the limits per address. */
export class ClientAddresses {
  readonly #trusted: (address: string) => boolean;
  readonly #private = listOf(Object.keys(RANGES));
  /** Of the connections' latest requests: most have many from the same client. */
  readonly #networks = new WeakMap<Socket, { ip: string; network: string }>();
  #hasWarned = false;

  constructor(
    private readonly trustProxy: Settings['trustProxy'],
    private readonly warn: (message: string) => void,
  ) {
    if (typeof trustProxy === 'boolean') this.#trusted = () => trustProxy;
    else {
      const list = listOf(typeof trustProxy === 'string' ? trustProxy.split(',') : trustProxy);
      this.#trusted = (address) => includes(list, address);
    }
  }

  /** The client's address (IPv6: its /64). A forwarded one counts where `trustProxy` names who forwarded it. */
  networkOf(request: FastifyRequest): string {
    const { socket, ip } = request;
    const peer = socket.remoteAddress ?? '';
    this.#warnOfProxy(request, peer);
    const latest = this.#networks.get(socket);
    if (latest?.ip === ip) return latest.network;
    const address = withoutPort(ip);
    const network = networkOf(isIP(address.split('%')[0]) ? address : peer);
    this.#networks.set(socket, { ip, network });
    return network;
  }

  /** What a connection counts for; undefined for a proxy, whose connections are those of many clients. */
  networkOfPeer(address: string): string | undefined {
    return this.#trusted(address) ? undefined : networkOf(address);
  }

  #warnOfProxy({ headers }: FastifyRequest, peer: string): void {
    if (this.#hasWarned || this.trustProxy !== false) return;
    if (headers['x-forwarded-for'] === undefined && headers.forwarded === undefined) return;
    if (!includes(this.#private, peer)) return;
    this.#hasWarned = true;
    this.warn(
      `a proxy at ${peer} forwards requests, but "trustProxy" does not name it: all clients behind it share the limits of one address`,
    );
  }
}

/** Some proxies write the client's port behind its address. */
function withoutPort(address: string): string {
  const match = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(address) ?? /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(address);
  return match ? match[1] : address;
}

/** @param entries - names of RANGES, addresses, or networks such as 10.0.0.0/8 and 10.0.0.0/255.0.0.0 */
function listOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address, mask] = entry.trim().split('/');
    const networks = RANGES[address] ?? [[address, prefixOf(address, mask)]];
    for (const [network, prefix] of networks) list.addSubnet(network, prefix, familyOf(network));
  }
  return list;
}

function prefixOf(address: string, mask: string | undefined): number {
  if (mask === undefined) return isIP(address) === 6 ? 128 : 32;
  if (isIP(mask) === 0) return Number(mask);
  const bits = mask.split('.').map((part) => Number(part).toString(2).padStart(8, '0'));
  return bits.join('').replace(/0+$/, '').length;
}

function includes(list: BlockList, address: string): boolean {
  // An IPv4 peer of a server that listens on IPv6 as well has the form ::ffff:10.0.0.1, which the list knows.
  return isIP(address) > 0 && list.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
