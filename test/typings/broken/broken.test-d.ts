/* Each statement is wrong; the compiler must refuse every one of them. */
wx.serviceMarket.invokeService({ api: 'OcrAllInOne' });
wx.serviceMarket.invokeService({ service: 's', api: 'a', success() {} }).then(() => {});
wx.serviceMarket.getAsyncResult({ requestID: 'id' });
new wx.serviceMarket.CDN(5);
wx.serviceMarket.invoke({ service: 's', api: 'a' });
