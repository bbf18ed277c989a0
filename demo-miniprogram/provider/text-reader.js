'use strict';

const path = require('node:path');
const { createWorker, OEM, PSM } = require('tesseract.js');
const english = require('@tesseract.js-data/eng');

/** The small model, made for the LSTM engine alone. */
const LANGUAGE_FOLDER = path.join(english.langPath, '..', '4.0.0_best_int');

/** Per cent; textures that were taken for letters stay below. */
const LEAST_CONFIDENCE = 60;

const OPTIONS = {
  langPath: LANGUAGE_FOLDER,
  gzip: english.gzip,
  // Read the model from the package, write no copy into the working folder.
  cacheMethod: 'none',
  workerPath: path.join(__dirname, 'quiet-worker.js'),
  // Without a handler the library throws inside an event, which ends the process; the promise rejects as well.
  errorHandler: () => {},
};

/** Reads printed English text from pictures with one OCR worker, started at the first picture. */
class TextReader {
  #worker;

  /**
   * @param {Buffer} picture - a whole PNG, JPEG, WebP or BMP file
   * @returns {Promise<{text: string, box: {x0: number, y0: number, x1: number, y1: number}}[]>} lines from top to
   *   bottom; boxes in pixels
   * @throws {Error} when the picture cannot be decoded
   */
  async read(picture) {
    const worker = await this.#start();
    const { data } = await worker.recognize(picture, {}, { text: false, blocks: true }).catch((cause) => {
      throw new Error('Failed to read the picture: its bytes are damaged. Choose another photo.', { cause });
    });
    return (data.blocks ?? [])
      .flatMap((block) => block.paragraphs)
      .flatMap((paragraph) => paragraph.lines)
      .filter((line) => line.confidence >= LEAST_CONFIDENCE && line.text.trim() !== '')
      .map((line) => ({ text: line.text.trim(), box: line.bbox }));
  }

  /** Ends the worker; a later `read` starts a new one. */
  async close() {
    const worker = this.#worker;
    this.#worker = undefined;
    await (await worker?.catch(() => undefined))?.terminate();
  }

  #start() {
    this.#worker ??= createWorker('eng', OEM.LSTM_ONLY, OPTIONS).then(async (worker) => {
      await worker.setParameters({ tessedit_pageseg_mode: PSM.AUTO, debug_file: '/dev/null' });
      return worker;
    });
    return this.#worker;
  }
}

module.exports = { TextReader };
