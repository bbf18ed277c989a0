'use strict';

const { createHash, randomBytes } = require('crypto');

const FILES = 'servicemarket_files';
const FOLDER = 'servicemarket';
/** Seconds that a URL works at least. */
const URL_LIFE = 3600;
/** Ms that a file is kept, as long as a long task may need it. */
const LIFE = 86400000;
const SWEEP = 20000;
const BATCH = 100;

/** Types that are served as they are, none of which runs in a browser; anything else is just bytes. */
const ENDINGS = {
  'text/plain': '.txt',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'image/bmp': '.bmp',
  'image/heic': '.heic',
  'application/pdf': '.pdf',
  'application/json': '.json',
  'audio/mpeg': '.mp3',
  'audio/mp4': '.m4a',
  'audio/wav': '.wav',
  'audio/amr': '.amr',
  'video/mp4': '.mp4',
};

/**
 * The digest of its content is in a file's name, behind which 32 random bytes make it unguessable. What stands
 * before the folder has a limit, so that reading takes linear time.
 */
const OWN_URL = new RegExp(
  `https?://[^"\\\\\\s]{1,300}?/${FOLDER}/([0-9a-f]{64})-[\\w-]{43}[^"\\\\\\s]*`,
  'g',
);

/**
 * Uploads in the cloud's own storage, which serves them: an answer of a function may have 2 MB only.
 *
 * @param cloud - uniCloud
 * @param database - see database.js
 */
function createFiles(cloud, database) {
  return {
    /** @returns a FileReply */
    async store(bytes, type) {
      const name = `${createHash('sha256').update(bytes).digest('hex')}-${randomBytes(32).toString('base64url')}`;
      const { fileID } = await cloud.uploadFile({
        cloudPath: `${FOLDER}/${name}${ENDINGS[type] || ''}`,
        fileContent: bytes,
        // Alibaba Cloud would give it a name of its own.
        cloudPathAsRealPath: true,
      });
      try {
        await database.add(FILES, { _id: name, fileID, at: Date.now() });
        return { url: await urlOf(fileID), expires_at: Math.floor(Date.now() / 1000) + URL_LIFE };
      } catch (error) {
        await cloud.deleteFile({ fileList: [fileID] });
        throw error;
      }
    },

    /** Removes what is older than its life. */
    async sweep() {
      const until = Date.now() + SWEEP;
      const old = { at: database.command.lt(Date.now() - LIFE) };
      for (let batch = [{}]; batch.length > 0 && Date.now() < until;) {
        batch = await database.list(FILES, old, BATCH);
        for (const { _id, fileID } of batch) {
          if (Date.now() >= until) return;
          try {
            // One by one, as Alibaba Cloud wants it.
            await cloud.deleteFile({ fileList: [fileID] });
            await database.remove(FILES, { _id });
          } catch {
            // Again a day later, so that it does not hold up the others.
            await database.update(FILES, { _id }, { at: Date.now() });
          }
        }
      }
    },
  };

  /** On Alibaba Cloud the id of a file is its URL. */
  async function urlOf(fileID) {
    if (/^https?:/.test(fileID)) return fileID;
    const { fileList } = await cloud.getTempFileURL({ fileList: [fileID] });
    return fileList[0].tempFileURL;
  }
}

/**
 * A URL of an upload counts as its content, because a page that repeats a call uploads the same content again
 * and so sends other URLs.
 *
 * @param text - the JSON text of a call's data
 */
function contentOf(text) {
  return text.replace(OWN_URL, 'file:$1');
}

module.exports = { contentOf, createFiles };
