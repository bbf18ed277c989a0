/* What the package itself declares must be what pages see. */
import type * as page from 'miniprogram-servicemarket/typings';
import type * as own from '../../../src/protocol/types';
import type { Equal } from './assert';

declare function expectTrue<T extends true>(): T;
declare const market: own.ServiceMarket;
declare const options: own.InvokeServiceOptions;
type Assignable<From, To> = [From] extends [To] ? true : false;
type Keys<T> = keyof T;

expectTrue<Equal<page.CDNContent, own.CDNContent>>();
expectTrue<Assignable<own.CDNMarker, page.CDN>>();
expectTrue<Assignable<page.CDN, own.CDNMarker>>();
expectTrue<Assignable<own.CDNConstructor, page.CDNConstructor>>();

expectTrue<Equal<Keys<page.ServiceMarketError>, Keys<own.ServiceMarketError>>>();
expectTrue<Assignable<own.ServiceMarketError, page.ServiceMarketError>>();

expectTrue<Equal<Keys<page.InvokeServiceResult>, Keys<own.InvokeServiceResult>>>();
expectTrue<Assignable<page.InvokeServiceResult, own.InvokeServiceResult>>();
expectTrue<Assignable<page.AsyncInvocation, own.InvokeServiceResult>>();

expectTrue<Equal<page.AsyncResult, own.AsyncResult>>();

expectTrue<Equal<Keys<page.InvokeServiceOptions>, Keys<own.InvokeServiceOptions>>>();
expectTrue<Equal<Keys<page.GetAsyncResultOptions>, Keys<own.GetAsyncResultOptions>>>();
expectTrue<Assignable<page.PlainInvocation & page.NoCallbacks, own.InvokeServiceOptions>>();
expectTrue<Assignable<page.LongInvocation & page.NoCallbacks, own.InvokeServiceOptions>>();
expectTrue<Assignable<page.RetrieveOptions & page.NoCallbacks, own.GetAsyncResultOptions>>();
expectTrue<Equal<Keys<page.Callbacks<1>>, Keys<own.Callbacks<1>>>>();
expectTrue<Equal<Keys<page.ServiceMarket>, Keys<own.ServiceMarket>>>();

export const called = market.invokeService({ service: 'wx1', api: 'a', data: { b: 1 } });
expectTrue<Equal<typeof called, Promise<own.InvokeServiceResult>>>();
export const asked = market.getAsyncResult({ requestId: '1' });
expectTrue<Equal<typeof asked, Promise<own.AsyncResult>>>();
export const served = market.invokeService({ service: 'wx1', api: 'a', success: ({ data }) => void data });
expectTrue<Equal<typeof served, Promise<own.InvokeServiceResult> | undefined>>();
export const either = market.invokeService(options);
expectTrue<Equal<typeof either, Promise<own.InvokeServiceResult> | undefined>>();
