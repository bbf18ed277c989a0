import type { CDNMarker } from 'miniprogram-servicemarket/typings';
import { expectType } from '../assert';

expectType<CDNMarker>()(new wx.serviceMarket.CDN('a long text'));
expectType<CDNMarker>()(new wx.serviceMarket.CDN(new ArrayBuffer(8)));
expectType<CDNMarker>()(new wx.serviceMarket.CDN({ type: 'filePath', filePath: 'wxfile://tmp/a.png' }));
expectType<CDNMarker>()(new wx.serviceMarket.CDN({ filePath: 'wxfile://tmp/a.png' }));

// Markers stand anywhere in data, also as its root.
const marker = new wx.serviceMarket.CDN('text');
wx.serviceMarket.invokeService({ service: 's', api: 'a', data: marker });
wx.serviceMarket.invokeService({ service: 's', api: 'a', data: { pages: [{ url: marker }] } });

// @ts-expect-error content is required
new wx.serviceMarket.CDN();
// @ts-expect-error a file needs its path
new wx.serviceMarket.CDN({ type: 'filePath' });
// @ts-expect-error the platform knows one type
new wx.serviceMarket.CDN({ type: 'buffer', filePath: 'a' });
// @ts-expect-error numbers are no content
new wx.serviceMarket.CDN(5);
// @ts-expect-error CDN is a class
wx.serviceMarket.CDN('text');
