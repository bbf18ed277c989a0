'use strict';

const { imageInfo } = require('./image-info');

/** `ocr_type` of printed text of any kind. */
const GENERAL_PRINT = 8;
/** `data_type` of a picture given by URL. */
const BY_URL = 3;
/** More would not fit into the OCR worker's memory. */
const MOST_PIXELS = 40e6;

function corners({ x0, y0, x1, y1 }) {
  return {
    left_top: { x: x0, y: y0 },
    right_top: { x: x1, y: y0 },
    right_bottom: { x: x1, y: y1 },
    left_bottom: { x: x0, y: y1 },
  };
}

function checkRequest({ data_type: dataType, ocr_type: ocrType }) {
  if (dataType !== BY_URL) {
    throw new Error(`Failed to read the request: data_type is ${dataType}. Use 3, a picture by URL.`);
  }
  if (ocrType !== GENERAL_PRINT) {
    throw new Error(`Failed to read the request: ocr_type is ${ocrType}. Use 8, printed text.`);
  }
}

/**
 * The service `OcrAllInOne`, type 8: fetches the picture from `img_url` and reads its text.
 *
 * @param {{read(picture: Buffer): Promise<{text: string, box: object}[]>}} reader
 * @param {(url: string) => Promise<Buffer>} fetchPicture
 * @returns {(data: {img_url: string, data_type: number, ocr_type: number}) => Promise<object>} answers
 *   `{ocr_comm_res: {items: [{text, pos}], img_size: {w, h}}}`
 */
function createOcr(reader, fetchPicture) {
  return async (data) => {
    checkRequest(data ?? {});
    const picture = await fetchPicture(data.img_url);
    const { width, height } = imageInfo(picture);
    if (width * height > MOST_PIXELS) {
      const size = `${width} x ${height}`;
      throw new Error(
        `Failed to read the picture: ${size} pixels are too many. Choose one below 40 million.`,
      );
    }
    const lines = await reader.read(picture);
    const items = lines.map(({ text, box }) => ({ text, pos: corners(box) }));
    return { ocr_comm_res: { items, img_size: { w: width, h: height } } };
  };
}

module.exports = { createOcr };
