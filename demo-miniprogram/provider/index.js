'use strict';

const { download } = require('./download');
const { createOcr } = require('./ocr');
const { checkText } = require('./text-check');
const { TextReader } = require('./text-reader');

/**
 * The providers behind the services that the demo's pages call, by `service/api`.
 *
 * @param {{fetchPicture?: (url: string) => Promise<Buffer>}} [options] - by default pictures are downloaded
 * @returns {{providers: Record<string, (data: any) => any>, close(): Promise<void>}} `close` ends the OCR worker
 */
function createProviders({ fetchPicture = download } = {}) {
  const reader = new TextReader();
  return {
    providers: {
      'wx79ac3de8be320b71/OcrAllInOne': createOcr(reader, fetchPicture),
      'wxee446d7507c68b11/msgSecCheck': checkText,
    },
    close: () => reader.close(),
  };
}

module.exports = { createProviders };
