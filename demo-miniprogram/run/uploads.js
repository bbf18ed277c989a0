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
 * Watches the uploads that go out by `wx.uploadFile`.
 *
 * @param {object} wx - of a simulated host
 * @param {{started(total: number): void, progress(sent: number): void, ended(): void}} meter - is told the bytes on
 *   the wire
 * @returns {{url: string, ms: number}[]} grows with each upload that was accepted
 */
function watchUploadFile(wx, meter) {
  const accepted = [];
  const { uploadFile } = wx;
  wx.uploadFile = (options) => {
    const startedAt = performance.now();
    let hasStarted = false;
    const task = uploadFile({
      ...options,
      success(result) {
        const url = urlIn(result.data);
        if (url) accepted.push({ url, ms: performance.now() - startedAt });
        options.success?.(result);
      },
      complete(result) {
        meter.ended();
        options.complete?.(result);
      },
    });
    task.onProgressUpdate(({ totalBytesSent, totalBytesExpectedToSend }) => {
      if (!hasStarted) meter.started(totalBytesExpectedToSend);
      hasStarted = true;
      meter.progress(totalBytesSent);
    });
    return task;
  };
  return accepted;
}

/**
 * The uploads to the platform's own CDN so far.
 *
 * @param {{calls: object[], cdn: {files: object[]}}} host
 * @returns {{url: string, ms: number}[]}
 */
function uploadsToCdn({ calls, cdn }) {
  const started = calls.filter(({ api }) => api === 'uploadToCommonCDN');
  return cdn.files.map(({ url, at }) => {
    const call = started.find(({ reply }) => reply?.fileUrl === url);
    return { url, ms: at - call.at };
  });
}

module.exports = { watchUploadFile, uploadsToCdn };
