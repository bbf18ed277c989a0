const { CDN, invokeService } = require('miniprogram-servicemarket');
const { describeError } = require('../../utils/describe-error');

Page({
  data: {
    /** empty, loading, result or error */
    state: 'empty',
    percent: 0,
    sent: 0,
    total: 0,
    lines: [],
    error: null,
  },

  choosePhoto() {
    wx.chooseImage({ count: 1, success: (res) => this.readPhoto(res.tempFilePaths[0]) });
  },

  readPhoto(filePath) {
    this.setData({ state: 'loading', percent: 0, sent: 0, total: 0, lines: [], error: null });
    this.task = invokeService({
      service: 'wx79ac3de8be320b71',
      api: 'OcrAllInOne',
      data: {
        img_url: new CDN({ type: 'filePath', filePath }),
        data_type: 3,
        ocr_type: 8,
      },
    });
    this.task.onProgressUpdate(({ phase, progress, totalBytesSent, totalBytesExpectedToSend }) => {
      if (phase !== 'upload') return;
      this.setData({ percent: progress, sent: totalBytesSent, total: totalBytesExpectedToSend });
    });
    return this.task
      .then(({ data }) => {
        const lines = data.ocr_comm_res.items.map((item) => item.text);
        this.setData({ state: 'result', percent: 100, lines });
      })
      .catch((error) => {
        // error.billing says whether the call may have been paid for.
        this.setData({ state: 'error', error: describeError(error) });
      });
  },

  cancel() {
    this.task.abort();
  },
});
