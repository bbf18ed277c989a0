/** Random schedules: what a page asks for, and what goes wrong on the phone, on the way and behind the relay. */
import type { Fault, HostOptions } from '../../../src/simulator';
import type { BILLINGS } from '../../support/hosts';
import type { FaultsBehind, UpstreamEffect } from '../../support/market-behind';
import type { Any } from '../../support/outcomes';
import { fc } from '../../support/random';

export interface Plan extends FaultsBehind {
  /** On the phone. */
  faults: Fault[];
  platform: 'android' | 'ios';
  wireVersion: 0 | 1 | 2;
  /** Answers "not yet" before the first real one. */
  preliminaryAnswers: number;
  /** Ms that the service works. */
  serviceMs: number;
  serviceFails: boolean;
  async: boolean;
  upload: 'allowed' | 'absent' | 'denied';
  contents: Any[];
  /** Ms for the whole call. */
  timeout?: number;
  /** Ms after which the page aborts it. */
  abortAfter?: number;
}

/** Mostly absent: a page that aborts after a second sees little of what else goes wrong. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const effect: fc.Arbitrary<Fault['effect']> = fc.oneof(
  fc.record({ delay: fc.integer({ min: 0, max: 45_000 }) }),
  fc.record({ lose: fc.constantFrom('request' as const, 'reply' as const) }),
  fc.record({ duplicate: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    fail: fc.constantFrom<Any>(
      { errMsg: 'network error' },
      { errMsg: 'busy', err_code: -11 },
      { errMsg: 'cancel' },
    ),
    after: fc.boolean(),
  }),
  // A refusal is never one of something that was done.
  fc.constant({ fail: { errMsg: 'permission denied' } }),
  fc.record({
    malformed: fc.constantFrom('', 'null', 'no json', '{"scene":3,"errcode":0}', '{"scene":9,"errcode":1}'),
  }),
  fc.constant({ replyWithoutData: true as const }),
);
const uploadEffect: fc.Arbitrary<Fault['effect']> = fc.oneof(effect, fc.constant({ noUrl: true as const }));

/** For each channel the native calls that faults strike; one that stands there twice is struck twice as often. */
const APIS: Record<string, string[]> = {
  bridge: ['operateWXData', 'operateWXData', 'uploadToCommonCDN', 'request', 'uploadFile', 'login'],
  relay: ['request', 'request', 'uploadFile', 'login'],
  cloud: [
    'cloud.callFunction',
    'cloud.callFunction',
    'uploadFile',
    'cloud.getTempFileURL',
    'cloud.deleteFile',
    'writeFileSync',
  ],
  uniCloud: ['request', 'request', 'uploadFile', 'login'],
  plugin: ['operateWXData', 'operateWXData', 'uploadToCommonCDN'],
};

export function plansFor(channel: string): fc.Arbitrary<Plan> {
  const fault = fc.constantFrom(...APIS[channel]).chain((api) =>
    fc.record<Fault>({
      api: fc.constant(api),
      nth: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
      effect: api.startsWith('upload') ? uploadEffect : effect,
    }),
  );
  return fc.record({
    faults: fc.array(fault, { maxLength: 5 }),
    platform: fc.constantFrom('android' as const, 'ios' as const),
    wireVersion: fc.constantFrom(2 as const, 2 as const, 1 as const, 0 as const),
    preliminaryAnswers: fc.integer({ min: 0, max: 3 }),
    serviceMs: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 70_000 })),
    serviceFails: fc.boolean(),
    async: fc.boolean(),
    upload: fc.constantFrom('allowed' as const, 'absent' as const, 'denied' as const),
    contents: fc.array(fc.constantFrom<Any>('a', 'b', { filePath: 'wxfile://tmp_a.png' }), { maxLength: 3 }),
    timeout: seldom(fc.integer({ min: 1, max: 90_000 })),
    abortAfter: seldom(fc.integer({ min: 0, max: 60_000 })),
    upstream: fc.array(
      fc.constantFrom<UpstreamEffect>(
        'answered',
        'answered',
        'unsent',
        'request lost',
        'answer lost',
        'refused',
      ),
      { maxLength: 3 },
    ),
    failingStoreRequests: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 4 }),
    killedRun: seldom(fc.integer({ min: 0, max: 2 })),
  });
}

/** The host of a plan. */
export function hostOptions(plan: Plan, billing: (typeof BILLINGS)[number]): HostOptions {
  const { platform, wireVersion, preliminaryAnswers, serviceMs, serviceFails, upload } = plan;
  return {
    billing,
    platform,
    wireVersion,
    upload,
    market: { preResp: preliminaryAnswers },
    providers: {
      '*': async (data: Any, { sleep }) => {
        await sleep(serviceMs);
        if (serviceFails) throw Object.assign(new Error('no'), { errcode: 61, errmsg: 'no' });
        return { count: data.length };
      },
    },
  };
}
