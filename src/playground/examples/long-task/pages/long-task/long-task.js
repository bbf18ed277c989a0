const { CDN, invokeService, waitForResult } = require('miniprogram-servicemarket');
const { describeError } = require('../../utils/describe-error');

Page({
  data: {
    /** empty, sending, waiting, result or error */
    state: 'empty',
    percent: 0,
    requestId: '',
    asked: 0,
    lines: [],
    error: null,
  },

  choosePhoto() {
    wx.chooseImage({ count: 1, success: (res) => this.readPhoto(res.tempFilePaths[0]) });
  },

  readPhoto(filePath) {
    this.setData({ state: 'sending', percent: 0, requestId: '', asked: 0, lines: [], error: null });
    const task = invokeService({
      service: 'wx79ac3de8be320b71',
      api: 'OcrAllInOne',
      data: {
        img_url: new CDN({ type: 'filePath', filePath }),
        data_type: 3,
        ocr_type: 8,
      },
      // The market answers at once with a requestId; the service goes on working.
      async: true,
    });
    task.onProgressUpdate(({ phase, progress }) => {
      if (phase === 'upload') this.setData({ percent: progress });
    });
    return task
      .then(({ requestId }) => {
        // Keep it: the result can be asked for after a restart of the app too.
        wx.setStorageSync('request-id', requestId);
        this.setData({ state: 'waiting', requestId });
        return waitForResult({
          requestId,
          interval: 500,
          onPoll: () => this.setData({ asked: this.data.asked + 1 }),
        });
      })
      .then(({ data }) => {
        const lines = data.ocr_comm_res.items.map((item) => item.text);
        this.setData({ state: 'result', lines });
      })
      .catch((error) => this.setData({ state: 'error', error: describeError(error) }));
  },
});
