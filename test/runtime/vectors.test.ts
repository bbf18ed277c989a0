/** What base library 2.11.0 does itself (test/vectors), done by the shim on a host that has nothing. */
import fs from 'node:fs';
import path from 'node:path';
import { BUNDLES } from '../support/built';
import { ROOT } from '../support/files';
import { callsOf, messagesOf, openInjectedHost } from '../support/hosts';
import { type Any, outcomeOnHost } from '../support/outcomes';

const vectors: Any[] = JSON.parse(fs.readFileSync(path.join(__dirname, '../vectors/native.json'), 'utf8'));

/** Where design.md improves on the recorded behaviour: the improvement, beside the vector's name. */
const IMPROVED: Record<string, Any> = {
  // 4: a provider's error rejects on every host.
  'provider error': {
    outcome: 'rejected',
    error: { '(type)': 'Error', message: 'invokeService:fail -8 svc down (requestId: undefined)' },
  },
  // 5: the data is a snapshot taken at the call.
  'CDN data mutated during upload': {
    wire: [{ service_id: 'wxSVC', api_name: 'API', data: '{"c":"<URL of PNG-A>","k":1}' }],
  },
};

function hostFor(vector: Any, platform: 'android' | 'ios', bundle: string) {
  const host = openInjectedHost({ platform, wireVersion: 0 }, path.join(ROOT, bundle));
  host.market.provide('*', (data, { api }) => {
    if (vector.replyError) return vector.replyError;
    const answer = vector.providerReturns ?? { echo: data === undefined ? '(none)' : 'got' };
    return JSON.parse(JSON.stringify(answer).replace('"API"', JSON.stringify(api)));
  });
  if (vector.replyBody !== undefined)
    host.fault({ api: 'operateWXData', effect: { malformed: vector.replyBody } });
  if (vector.uploadFails !== undefined) {
    host.fault({ api: 'uploadToCommonCDN', effect: { fail: { errMsg: vector.uploadFails } } });
  }
  return host;
}

function uploadsOf(host: Any): string[] {
  return callsOf(host, 'uploadToCommonCDN').map(({ params }) => {
    const [buffer] = params.__nativeBuffers__ ?? [];
    if (buffer) return atob(buffer.base64);
    return params.filePath ? params.filePath.replace('wxfile://tmp_a.png', 'PNG-A') : params.fileData;
  });
}

describe.each(BUNDLES)('%s', (bundle) => {
  describe.each(['android', 'ios'] as const)('on %s', (platform) => {
    test.each(vectors)('$name', async (vector) => {
      const host = hostFor(vector, platform, bundle);
      const { ok, error } = await outcomeOnHost(host, vector.code);
      const wire = messagesOf(host).map(({ service_id, api_name, data }) => ({
        service_id,
        api_name,
        ...(data && {
          data: data.replace(/https:[^"\\]+/g, (url: string) => `<URL of ${host.cdn.text(url)}>`),
        }),
      }));
      const outcome = error
        ? { outcome: 'rejected', error: { '(type)': error.name, message: error.message } }
        : { outcome: 'resolved', value: ok };
      expect({ ...outcome, wire, uploads: uploadsOf(host) }).toEqual({
        ...(IMPROVED[vector.name]?.outcome ? { wire: vector.expect.wire, uploads: [] } : vector.expect),
        ...IMPROVED[vector.name],
      });
      expect(host.unhandled).toEqual([]);
    });
  });
});
