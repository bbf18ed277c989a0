/** A host that lies: its APIs do their work, and say something else about it. */
import type { Host } from '../../../src/simulator';
import type { Clock } from '../../../src/simulator/clock/types';
import { fc } from '../../support/random';
import type { Any } from '../../support/outcomes';
import { answerAtOnce } from './sync-host';

const KINDS = [
  'success twice',
  'success twice, the second another',
  'success, then fail',
  'fail, then success',
  'success again after the end',
  'success after the end',
  'success without errMsg',
  'success without anything',
  'success with a then that throws',
  'success with a then that never ends',
  'numbers as strings',
  'fail without a text',
  'throws instead',
  'throws besides',
  'returns what cannot be aborted',
  'returns a promise that rejects',
] as const;

export interface Lie {
  api: string;
  /** Only the nth call of the api, from 1. */
  nth?: number;
  kind: (typeof KINDS)[number];
  /** Index of what `fail` is called with. */
  reason: number;
}

/** No text, or none that is a string. */
const REASONS: Any[] = [
  undefined,
  null,
  '',
  'odd',
  5,
  {},
  [],
  ...[undefined, null, '', 5, {}, []].map((errMsg) => ({ errMsg })),
];

/** Longer than any call of these tests may last. */
const AFTER_THE_END_MS = 3 * 3_600_000;

export const liesAbout = (apis: string[]): fc.Arbitrary<Lie[]> =>
  fc.array(
    fc.record<Lie>({
      api: fc.constantFrom(...apis),
      nth: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      kind: fc.constantFrom(...KINDS),
      reason: fc.nat({ max: REASONS.length - 1 }),
    }),
    { minLength: 1, maxLength: 4 },
  );

/**
 * Has a host lie from now on.
 *
 * @param paid - where every callback is called before the API returns: gets the id of each call that costs
 */
export function makeLie(host: Host, lies: Lie[], paid?: string[]): void {
  const wrap = (owner: Any, prefix: string, names: string[]): void =>
    names
      .filter((name) => typeof owner?.[name] === 'function')
      .forEach((name) => {
        const original = owner[name] as (options: Any) => unknown;
        const told = lies.filter(({ api }) => api === prefix + name);
        let calls = 0;
        const value = (options: Any): unknown => {
          calls++;
          const own = told.filter(({ nth }) => nth === undefined || nth === calls);
          const callbacks = lyingCallbacks(host, name, options, own);
          const does = (kind: Lie['kind']): boolean => own.some((lie) => lie.kind === kind);
          if (does('throws instead')) throw new Error('mine');
          const result = paid
            ? answerAtOnce(prefix + name, options, callbacks, paid)
            : original.call(owner, { ...options, ...callbacks });
          if (does('throws besides')) throw new Error('mine');
          if (does('returns a promise that rejects')) return Promise.reject({});
          if (!does('returns what cannot be aborted')) return result;
          return {
            abort: () => {
              throw new Error('mine');
            },
          };
        };
        Object.defineProperty(owner, name, { configurable: true, writable: true, value });
      });
  wrap(host.wx, '', [
    'operateWXData',
    'uploadToCommonCDN',
    'request',
    'uploadFile',
    'login',
    'checkSession',
    'getNetworkType',
    'getFileInfo',
  ]);
  wrap(host.wx.cloud, 'cloud.', ['callFunction', 'uploadFile', 'getTempFileURL', 'deleteFile']);
}

interface ToldCallbacks {
  success(result: Any): void;
  fail(reason: Any): void;
}

/** What the API calls in place of the runtime's callbacks. */
function lyingCallbacks(host: Host, api: string, { success, fail }: Any, lies: Lie[]): ToldCallbacks {
  const { setTimer } = host.clock as unknown as Clock;
  const later = (action: () => void): unknown => setTimer(action, AFTER_THE_END_MS, `late reply of ${api}`);
  const failure = { errMsg: `${api}:fail odd` };
  const lie = (kind: Lie['kind']): Lie | undefined => lies.find((one) => one.kind === kind);
  const failWith = (reason: Any): void => {
    const oddly = lie('fail without a text');
    fail?.(oddly ? REASONS[oddly.reason] : reason);
  };
  return {
    success(result) {
      if (lie('fail without a text')) return failWith(failure);
      if (lie('fail, then success')) failWith(failure);
      const end = (): void => success?.(told(result, lies));
      if (lie('success after the end')) return void later(end);
      end();
      if (lie('success twice')) end();
      if (lie('success twice, the second another')) success?.(another(result));
      if (lie('success, then fail')) failWith(failure);
      if (lie('success again after the end')) later(end);
    },
    fail: failWith,
  };
}

/** A result as the host tells it. */
function told(result: Any, lies: Lie[]): Any {
  const kinds = lies.map(({ kind }) => kind);
  if (kinds.includes('success without anything')) return undefined;
  const own = { ...result };
  if (kinds.includes('success without errMsg')) delete own.errMsg;
  // A promise takes such a result for a promise.
  if (kinds.includes('success with a then that never ends')) own.then = () => {};
  if (kinds.includes('success with a then that throws')) {
    own.then = () => {
      throw new Error('mine');
    };
  }
  return kinds.includes('numbers as strings') ? withStrings(own) : own;
}

function withStrings(value: Any): Any {
  if (typeof value === 'number') return String(value);
  if (!value || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withStrings(item)]));
}

/** A good result of the same API for somebody else. */
function another(result: Any): Any {
  const reply = { scene: 4, errcode: 0, errmsg: 'ok', data: '"of another"', request_id: 'R-2' };
  return {
    ...result,
    rawData: JSON.stringify(reply),
    data: JSON.stringify(reply),
    result: reply,
    fileUrl: 'https://cdn.simulator.test/of-another',
    fileID: 'cloud://of-another',
    fileList: [{ tempFileURL: 'https://cloud.simulator.test/of-another?sign=1' }],
  };
}
