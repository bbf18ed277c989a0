import fs from 'node:fs';
import path from 'node:path';
import type { Host, HostOptions } from '../../src/simulator';
import { openHost } from '../support/hosts';

/** What base library 2.11.0 itself does, recorded: the simulator's own serviceMarket must do the same. */
interface Vector {
  name: string;
  code: string;
  providerReturns?: unknown;
  replyBody?: string;
  replyError?: { errcode: number; errmsg: string };
  uploadFails?: string;
  expect: {
    outcome: string;
    value?: unknown;
    error?: Record<string, unknown>;
    wire: unknown[];
    uploads: string[];
  };
}

const vectors = JSON.parse(
  fs.readFileSync(path.join(__dirname, '../vectors/native.json'), 'utf8'),
) as Vector[];

function hostFor(vector: Vector, platform: HostOptions['platform']): Host {
  const host = openHost({
    sdkVersion: '2.11.0',
    platform,
    files: { 'wxfile://tmp_a.png': 'PNG-A', 'wxfile://tmp_b.png': 'PNG-B' },
  });
  host.market.provide('*', (data, { api }) => {
    if (vector.replyError) return vector.replyError;
    const answer = vector.providerReturns ?? { echo: data === undefined ? '(none)' : 'got' };
    return JSON.parse(JSON.stringify(answer).replace('"API"', JSON.stringify(api))) as unknown;
  });
  if (vector.replyBody !== undefined)
    host.fault({ api: 'operateWXData', effect: { malformed: vector.replyBody } });
  if (vector.uploadFails !== undefined) {
    host.fault({ api: 'uploadToCommonCDN', effect: { fail: { errMsg: vector.uploadFails } } });
  }
  return host;
}

/** The requests sent, with each uploaded URL replaced by what was uploaded to it. */
function wireOf(host: Host): unknown[] {
  return host.nativeCalls
    .filter(({ api }) => api === 'operateWXData')
    .map(({ params }) => {
      const { service_id, api_name, data } = params.data.data as Record<string, string>;
      const text = data?.replace(/https:[^"\\]+/g, (url) => `<URL of ${host.cdn.text(url)}>`);
      return { service_id, api_name, ...(text === undefined ? {} : { data: text }) };
    });
}

function uploadsOf(host: Host): string[] {
  return host.nativeCalls
    .filter(({ api }) => api === 'uploadToCommonCDN')
    .map(({ params }) => {
      const [buffer] = (params.__nativeBuffers__ ?? []) as { base64: string }[];
      if (buffer) return atob(buffer.base64);
      return params.filePath ? params.filePath.replace('wxfile://tmp_a.png', 'PNG-A') : params.fileData;
    });
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe.each(['android', 'ios'] as const)('base library 2.11.0 on %s', (platform) => {
  test.each(vectors)('$name', async (vector) => {
    const host = hostFor(vector, platform);
    const sm = host.wx.serviceMarket;
    const promise = host.run(vector.code, { sm, CDN: sm.CDN }) as Promise<unknown>;
    const outcome = await host.clock.until(
      promise.then(
        (value) => ({ outcome: 'resolved', value: plain(value) }),
        (error: Error) => ({
          outcome: 'rejected',
          error: Object.assign({ '(type)': error.name, message: error.message }, error),
        }),
      ),
    );
    const { wire, uploads, ...expected } = vector.expect;
    expect(outcome).toEqual(expected);
    expect(wireOf(host)).toEqual(wire);
    expect(uploadsOf(host)).toEqual(uploads);
  });
});
