'use strict';

const { performance } = require('node:perf_hooks');

function urlIn(text) {
  try {
    return JSON.parse(text).url;
  } catch {
    return undefined;
  }
}

/**
 * Puts `around` in front of a member's callbacks, and a meter on its task.
 *
 * @param {object} owner - has the member
 * @param {(result: object, ms: number) => void} accepted - is told of each success
 */
function watch(owner, name, meter, accepted) {
  const original = owner[name];
  const watched = (options) => {
    const startedAt = performance.now();
    let hasStarted = false;
    const task = original({
      ...options,
      success(result) {
        accepted(result, performance.now() - startedAt);
        options.success?.(result);
      },
      complete(result) {
        meter.ended();
        options.complete?.(result);
      },
    });
    task?.onProgressUpdate?.(({ totalBytesSent, totalBytesExpectedToSend }) => {
      if (!hasStarted) meter.started(totalBytesExpectedToSend);
      hasStarted = true;
      meter.progress(totalBytesSent);
    });
    return task;
  };
  // On older base libraries an assignment to a member of `wx` throws.
  Object.defineProperty(owner, name, { value: watched });
}

/**
 * Watches the uploads that go out by `wx.uploadFile`.
 *
 * @param {object} wx - of a simulated host
 * @param {{started(total: number): void, progress(sent: number): void, ended(): void}} meter - is told the bytes on
 *   the wire
 * @returns {{url: string, ms: number}[]} grows with each upload that was accepted
 */
function watchUploadFile(wx, meter) {
  const accepted = [];
  watch(wx, 'uploadFile', meter, ({ data }, ms) => {
    const url = urlIn(data);
    if (url) accepted.push({ url, ms });
  });
  return accepted;
}

/**
 * Watches the uploads that go into the cloud; the time is that until the file has its link.
 *
 * @param {object} wx - of a simulated host
 * @param {object} meter - as for `watchUploadFile`
 * @returns {{url: string, ms: number, fileID: string}[]} grows with each file that got its link
 */
function watchCloud(wx, meter) {
  const accepted = [];
  const stored = new Map();
  const silent = { started() {}, progress() {}, ended() {} };
  if (!wx.cloud) return accepted;
  watch(wx.cloud, 'uploadFile', meter, ({ fileID }, ms) => void stored.set(fileID, ms));
  watch(wx.cloud, 'getTempFileURL', silent, ({ fileList }, ms) => {
    for (const { fileID, tempFileURL: url } of fileList) {
      if (url) accepted.push({ url, ms: ms + stored.get(fileID), fileID });
    }
  });
  return accepted;
}

/**
 * The uploads to the platform's own CDN so far.
 *
 * @param {{nativeCalls: object[], cdn: {files: object[]}}} host
 * @returns {{url: string, ms: number}[]}
 */
function uploadsToCdn({ nativeCalls, cdn }) {
  const started = nativeCalls.filter(({ api }) => api === 'uploadToCommonCDN');
  return cdn.files.map(({ url, at }) => {
    const call = started.find(({ reply }) => reply?.fileUrl === url);
    return { url, ms: at - call.at };
  });
}

module.exports = { uploadsToCdn, watchCloud, watchUploadFile };
