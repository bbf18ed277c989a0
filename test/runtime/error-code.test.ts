/** What a page's catch tells its errors apart by, from the file that it imports. */
import path from 'node:path';
import type * as Imported from '../../src/runtime';
import { ROOT } from '../support/files';

const { ErrorCode, invokeService, isServiceMarketError }: typeof Imported = jest.requireActual(
  path.join(ROOT, 'miniprogram_dist/index.js'),
);

test.each([
  ['without a service', { service: '', api: 'a' }, ErrorCode.ARGUMENT],
  ['on a host that can carry nothing', { service: 'wx1', api: 'a' }, ErrorCode.CALL],
])('a call %s fails with an error of the package', async (_name, options, code) => {
  const error: unknown = await invokeService(options).catch((reason: unknown) => reason);
  expect(isServiceMarketError(error)).toBe(true);
  expect(error).toMatchObject({ errCode: code, billing: 'none' });
});

test.each([
  ["the platform's own", Object.assign(new Error('invokeService:fail 103 . …'), { errCode: 103 })],
  ['another', new TypeError('data is undefined')],
  ['an object of another API', { errMsg: 'request:fail', errCode: 5, billing: 'monthly' }],
  ['a thrown string', 'invokeService:fail'],
  ['nothing', undefined],
  ['null', null],
])('%s is none', (_name, error) => {
  expect(isServiceMarketError(error)).toBe(false);
});

test('every code has one name', () => {
  const codes = Object.values(ErrorCode);
  expect(new Set(codes).size).toBe(codes.length);
});
