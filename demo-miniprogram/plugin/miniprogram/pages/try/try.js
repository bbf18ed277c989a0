const reader = requirePlugin('reader');

Page({
  data: { text: '', error: '' },

  choosePhoto() {
    wx.chooseImage({ count: 1, success: (res) => this.readPhoto(res.tempFilePaths[0]) });
  },

  readPhoto(photo) {
    return reader.readPhoto(photo).then(
      ({ text }) => this.setData({ text, error: '' }),
      (err) => this.setData({ error: err.errMsg }),
    );
  },
});
