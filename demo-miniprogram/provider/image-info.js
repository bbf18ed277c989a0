'use strict';

const JPEG_STANDALONE = new Set([0x01, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8]);

function readPng(bytes) {
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function readBmp(bytes) {
  // A negative height means rows from top to bottom.
  return { width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) };
}

/** Walks the segments of a JPEG to its frame header (SOF0 to SOF15, without the tables DHT, JPG and DAC). */
function readJpeg(bytes) {
  let at = 2;
  while (bytes[at] === 0xff) {
    const marker = bytes[at + 1];
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    }
    // 0xff before a marker is padding.
    if (marker === 0xff) at += 1;
    else at += JPEG_STANDALONE.has(marker) ? 2 : 2 + bytes.readUInt16BE(at + 2);
  }
  throw new RangeError('no frame header');
}

/** The three kinds of WebP: lossy, lossless, extended. */
function readWebp(bytes) {
  const kind = bytes.toString('latin1', 12, 16);
  if (kind === 'VP8 ') {
    return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  }
  if (kind === 'VP8L') {
    const packed = bytes.readUInt32LE(21);
    return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
  }
  return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
}

const FORMATS = [
  { type: 'png', matches: (head) => head.startsWith('\x89PNG\r\n\x1a\n'), read: readPng },
  { type: 'jpeg', matches: (head) => head.startsWith('\xff\xd8\xff'), read: readJpeg },
  { type: 'webp', matches: (head) => /^RIFF[^]{4}WEBPVP8[ LX]/.test(head), read: readWebp },
  // A bitmap's two letters prove little: its second header must have one of the three known lengths.
  {
    type: 'bmp',
    matches: (head) => head.startsWith('BM') && /^[\x28\x6c\x7c]$/.test(head[14]),
    read: readBmp,
  },
];

/**
 * Tells what picture a file holds from its first bytes, whatever its name says.
 *
 * @param {Buffer} bytes - the whole file
 * @returns {{type: 'png' | 'jpeg' | 'webp' | 'bmp', width: number, height: number}} size in pixels
 * @throws {Error} when the bytes are no picture, or end before its size
 */
function imageInfo(bytes) {
  const head = bytes.toString('latin1', 0, 32);
  const format = FORMATS.find(({ matches }) => matches(head));
  if (!format) {
    const cause = bytes.length ? 'its bytes are no PNG, JPEG, WebP or BMP' : 'the file is empty';
    throw new Error(`Failed to read the picture: ${cause}. Choose a photo.`);
  }
  try {
    const { width, height } = format.read(bytes);
    if (!(width > 0 && height > 0)) throw new RangeError(`${width} x ${height} pixels`);
    return { type: format.type, width, height };
  } catch (cause) {
    const message = `Failed to read the picture: its ${format.type.toUpperCase()} header is damaged. Choose another photo.`;
    throw new Error(message, { cause });
  }
}

module.exports = { imageInfo };
