'use strict';

const fs = require('node:fs');
const { imageInfo } = require('../provider/image-info');

const CAUSES = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
};

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
    const reason = CAUSES[cause.code] ?? cause.message;
    throw new Error(`Failed to read ${file}: ${reason}. Give --image the path of a picture.`, { cause });
  }
  try {
    return { file, bytes: bytes.length, ...imageInfo(bytes) };
  } catch (cause) {
    throw new Error(`${file}: ${cause.message}`, { cause });
  }
}

module.exports = { checkPhoto };
