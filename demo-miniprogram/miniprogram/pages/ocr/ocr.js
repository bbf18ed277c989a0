const { describeError } = require('../../utils/describe-error');

Page({
  data: {
    /** empty, loading, result or error */
    state: 'empty',
    photo: '',
    lines: [],
    text: '',
    requestId: '',
    error: null,
  },

  choosePhoto() {
    if (this.data.state === 'loading') return;
    wx.chooseImage({
      count: 1,
      sizeType: ['compressed'],
      sourceType: ['album', 'camera'],
      success: (res) => this.readPhoto(res.tempFilePaths[0]),
      fail: (err) => {
        if (!/cancel/.test(err.errMsg)) this.showError(err);
      },
    });
  },

  readPhoto(photo) {
    this.setData({ photo, state: 'loading', lines: [], text: '', requestId: '', error: null });
    return wx.serviceMarket
      .invokeService({
        service: 'wx79ac3de8be320b71',
        api: 'OcrAllInOne',
        data: {
          // The marked file is uploaded; the service receives its URL.
          img_url: new wx.serviceMarket.CDN({ type: 'filePath', filePath: photo }),
          // 3: the picture is given by URL
          data_type: 3,
          // 8: printed text
          ocr_type: 8,
        },
      })
      .then((res) => this.showResult(res))
      .catch((err) => this.showError(err));
  },

  showResult(res) {
    const lines = res.data.ocr_comm_res.items.map((item) => item.text);
    this.setData({ state: 'result', lines, text: lines.join('\n'), requestId: res.requestId || '' });
  },

  showError(err) {
    this.setData({ state: 'error', error: describeError(err) });
  },

  tryAgain() {
    if (this.data.photo) this.readPhoto(this.data.photo);
    else this.choosePhoto();
  },

  copyText() {
    wx.setClipboardData({ data: this.data.text });
  },
});
