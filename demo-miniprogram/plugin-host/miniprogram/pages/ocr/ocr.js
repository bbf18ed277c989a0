const reader = requirePlugin('reader');

Page({
  data: {
    /** empty, loading, result or error */
    state: 'empty',
    photo: '',
    text: '',
    requestId: '',
    error: null,
  },

  choosePhoto() {
    wx.chooseImage({
      count: 1,
      sizeType: ['compressed'],
      success: (res) => this.readPhoto(res.tempFilePaths[0]),
    });
  },

  readPhoto(photo) {
    this.setData({ photo, state: 'loading', text: '', requestId: '', error: null });
    return reader.readPhoto(photo).then(
      ({ text, requestId }) => this.setData({ state: 'result', text, requestId }),
      (err) => this.setData({ state: 'error', error: { message: err.errMsg, advice: 'Try again.' } }),
    );
  },
});
