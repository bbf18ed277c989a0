import { has, read } from './host';
import { registry } from './registry';

/** What the host has of `wx.serviceMarket` by itself, or by another tool's polyfill, which counts the same. */
export interface Native {
  market: any;
  /** All members are there: such a market is never touched. */
  complete: boolean;
  /** Whether an object is a marker of this market (design.md, "cdn.ts"). */
  isMarker(value: any): boolean;
}

function create(market: any): Native {
  let symbol: unknown;
  return {
    market,
    complete: has(market, 'invokeService') && has(market, 'getAsyncResult') && has(market, 'CDN'),
    isMarker(value) {
      if (!symbol) symbol = has(market, 'CDN') ? new market.CDN('').symbol : native;
      return value.symbol === symbol;
    },
  };
}

/** The market that the host had before this package came; found once, without a native call. */
export function native(): Native {
  const app = registry();
  return (app.native = app.native || create(read(app.host, 'serviceMarket')));
}
