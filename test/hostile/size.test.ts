/** Data that is larger or deeper than anybody sends, over every channel and the plugins' way. */
import { type Any } from '../support/outcomes';
import { type World, WORLDS } from '../support/worlds';
import { expectHarmless, watchPollution } from './support/invariants';
import { readUploads, type Received } from './support/service';

/** Page code for options with the data. */
const NODES = `
  var list = [];
  for (var i = 0; i < 1000000; i++) list.push(i % 250000 ? i : new CDN('m' + i));
  return { data: list };
`;
const MARKERS = `
  var list = [];
  for (var i = 0; i < 10000; i++) list.push(new CDN('m' + i % 500));
  return { data: list };
`;
const DEEP = `
  var data = new CDN('x');
  for (var i = 0; i < 100000; i++) data = i % 2 ? [data] : { a: data };
  return { data: data };
`;

async function call(channel: string, code: string): Promise<{ world: World; seen: Any; received: Received }> {
  const received: Received = { calls: [] };
  const world = WORLDS[channel]({ providers: { '*': readUploads(received) } });
  const expectUnpolluted = watchPollution(world);
  const seen = world.start(world.run(code, { CDN: world.CDN }));
  await expectHarmless(world, seen);
  expectUnpolluted();
  return { world, seen, received };
}

describe.each(Object.keys(WORLDS))('%s', (channel) => {
  test('1,000,000 nodes arrive', async () => {
    const { seen, received } = await call(channel, NODES);
    expect(seen.error).toBeUndefined();
    const { read } = received.calls[0];
    expect(read).toHaveLength(1_000_000);
    expect([read[0], read[1], read[750_000], read[999_999]]).toEqual(['<m0>', 1, '<m750000>', 999_999]);
  });

  test('10,000 markers have each the URL of their own content, which is uploaded once', async () => {
    const { world, seen, received } = await call(channel, MARKERS);
    expect(seen.error).toBeUndefined();
    expect(received.calls[0].read).toEqual(Array.from({ length: 10_000 }, (_, i) => `<m${i % 500}>`));
    expect(new Set(received.calls[0].data).size).toBe(500);
    expect(world.host.transfers.most).toBeLessThanOrEqual(10);
  });

  test('deeper than the engine goes is an error that says so, before anything is sent', async () => {
    const { seen, received } = await call(channel, DEEP);
    expect(seen.error).toMatchObject({ errCode: -1, billing: 'none' });
    expect(seen.error.errMsg).toMatch(/nested too deep: \d{4,} levels/);
    expect(received.calls).toEqual([]);
  });
});
