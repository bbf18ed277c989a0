'use strict';

const fs = require('node:fs');
const { imageInfo } = require('../provider/image-info');
const { text } = require('./texts');

/** Texts, by the codes of the system. */
const CAUSES = { ENOENT: 'missing', EISDIR: 'isFolder', EACCES: 'forbidden', EPERM: 'forbidden' };

/**
 * Checks a photo before the phone starts.
 *
 * @param {string} file
 * @returns {{file: string, bytes: number, type: string, width: number, height: number}}
 * @throws {Error} naming the file, when it cannot be read or is no picture
 */
function checkPhoto(file) {
  let bytes;
  try {
    bytes = fs.readFileSync(file);
  } catch (cause) {
    const known = CAUSES[cause.code];
    const reason = known ? text(known) : cause.message;
    throw new Error(text('unreadablePhoto', { file, reason }), { cause });
  }
  try {
    return { file, bytes: bytes.length, ...imageInfo(bytes) };
  } catch (cause) {
    throw new Error(`${file}: ${cause.message}`, { cause });
  }
}

module.exports = { checkPhoto };
