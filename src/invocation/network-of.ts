import { isIPv6 } from 'node:net';

/**
 * What an address counts as in limits: an IPv6 network (/64), because whoever has one of its addresses has them
 * all; an IPv4 address itself, also where it is written as IPv6.
 */
export function networkOf(address: string): string {
  const [plain] = address.split('%');
  if (!isIPv6(plain)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain);
  if (mapped) return mapped[1];
  const [before, after = []] = plain.split('::').map((part) => part.split(':').filter(Boolean));
  // An IPv4 address at the end stands for two groups.
  const left = 8 - before.length - after.length - (plain.includes('.') ? 1 : 0);
  const groups = [...before, ...Array<string>(left).fill('0'), ...after].slice(0, 4);
  return `${groups.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`;
}
