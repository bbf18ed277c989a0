/* What the package itself declares must be what pages see. */
import type * as page from 'miniprogram-servicemarket/typings';
import type * as own from '../../../src/protocol/types';
import type { Equal } from './assert';

declare function expectTrue<T extends true>(): T;
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
