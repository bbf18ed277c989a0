const SERVICE = 'wx79ac3de8be320b71';

/**
 * Reads the text on a photo. The host mini-program pays for it.
 *
 * @param {string} filePath - a temporary file, as `wx.chooseImage` gives it
 * @returns {Promise<{text: string, requestId: string}>}
 */
exports.readPhoto = (filePath) =>
  wx.serviceMarket
    .invokeService({
      service: SERVICE,
      api: 'OcrAllInOne',
      data: {
        img_url: new wx.serviceMarket.CDN({ type: 'filePath', filePath }),
        // 3: the picture is given by URL
        data_type: 3,
        // 8: printed text
        ocr_type: 8,
      },
    })
    .then(({ data, requestId }) => ({
      text: data.ocr_comm_res.items.map((item) => item.text).join('\n'),
      requestId: requestId || '',
    }));
