import { type Counters, networkOf } from '../../src/invocation';
import { openRedisStores } from '../../src/relay';
import { ClientAddresses } from '../../src/relay/http/client-address';
import { MemoryCounters } from '../../src/relay/stores/memory';
import { cleanUpAfterTest } from '../support/cleanup';
import { openRelay, refusal } from './support/open-relay';
import { describeWithRedis, openRedis } from './support/servers';

test('addresses that are made up never push out the limit of a user', async () => {
  const counters = new MemoryCounters(() => 0);
  expect(await counters.take('calls:ann', 1, 1, 10)).toBe(0);
  for (let i = 0; i < 200_001; i++) await counters.take(`sessions:${i}`, 1, 1, 10);
  expect(await counters.take('calls:ann', 1, 1, 10)).toBe(10);
});

async function expectToLook(counters: Counters): Promise<void> {
  expect(await counters.take('events:a', 0, 0, 10)).toBe(0);
  expect(await counters.take('events:a', 1, 1, 10)).toBe(0);
  expect(await counters.take('events:a', 0, 0, 10)).toBeGreaterThan(0);
  expect(await counters.take('events:a', 0, 1, 10)).toBe(0);
}

test('an amount of 0 only looks whether more was taken', () => expectToLook(new MemoryCounters(() => 0)));

describeWithRedis('over Redis', () => {
  test('an amount of 0 only looks whether more was taken', async () => {
    const { counters, outcomes } = await openRedisStores({ url: await openRedis() });
    cleanUpAfterTest(() => outcomes.close());
    await expectToLook(counters);
  });
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:0:7::1', '2001:db8:0:7::/64'],
  ['2001:0DB8:0000:0007:ffff:ffff:ffff:ffff', '2001:db8:0:7::/64'],
  ['2001:db8::7', '2001:db8:0:0::/64'],
  ['2001:db8:1::', '2001:db8:1:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ['1:2:3:4:5:6:192.0.2.7', '1:2:3:4::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', 'unknown'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each([
  ['10.1.2.3', undefined],
  ['::ffff:10.1.2.3', undefined],
  ['::FFFF:10.1.2.3', undefined],
  ['::ffff:11.1.2.3', '11.1.2.3'],
  ['fe80::1', 'fe80:0:0:0::/64'],
])('the connections of %s count for %s behind a proxy at 10.0.0.0/8', (address, network) => {
  const addresses = new ClientAddresses(['10.0.0.0/8'], () => {});
  expect(addresses.networkOfPeer(address)).toBe(network);
});

test.each([
  ['192.0.2.7:5000', '192.0.2.7'],
  ['[2001:db8::7]:443', '2001:db8:0:0::/64'],
  ['[2001:db8::7]', '2001:db8:0:0::/64'],
  ['no address', '10.1.2.3'],
])('a request that a proxy says is from %s counts for %s', (ip, network) => {
  const addresses = new ClientAddresses(true, () => {});
  const request = { socket: { remoteAddress: '10.1.2.3' }, ip, headers: {} };
  expect(addresses.networkOf(request as never)).toBe(network);
});

test('a proxy that nobody has named is reported, once, where it is in a private network', () => {
  const warnings: string[] = [];
  const addresses = new ClientAddresses(false, (message) => warnings.push(message));
  const ask = (remoteAddress: string, headers: object = { 'x-forwarded-for': '192.0.2.1' }): string => {
    const request = { socket: { remoteAddress }, ip: remoteAddress, headers };
    return addresses.networkOf(request as never);
  };
  // Anybody can send the header.
  expect(ask('203.0.113.5')).toBe('203.0.113.5');
  // No proxy at all.
  ask('10.1.2.3', {});
  expect(warnings).toEqual([]);
  expect(ask('::ffff:10.1.2.3')).toBe('10.1.2.3');
  ask('10.1.2.3');
  expect(warnings).toEqual([expect.stringMatching(/^a proxy at ::ffff:10\.1\.2\.3 forwards requests/)]);
});

test('sessions are limited by network', async () => {
  const { url } = await openRelay({ trustProxy: true, limits: { sessionsPerHour: 1 } });
  const from = (address: string) =>
    fetch(`${url}/session`, {
      method: 'POST',
      body: JSON.stringify({ credential: { type: 'name', value: 'ann' } }),
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    });
  expect((await from('2001:db8::1')).status).toBe(200);
  await refusal(await from('2001:db8::2'), 429, -11);
  expect((await from('2001:db8:0:1::1')).status).toBe(200);
});
