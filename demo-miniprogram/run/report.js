'use strict';

const { SingleBar } = require('cli-progress');
const { text } = require('./texts');

/** Per cent between two lines, where the output is no terminal. */
const LINE_EVERY = 25;

/** Draws a bar that moves. */
function createBarMeter(stream) {
  const format = `  ${text('uploadBar')}`;
  const bar = new SingleBar({
    stream,
    format,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
  });
  return {
    started: (total) => bar.start(total, 0),
    progress: (sent) => bar.update(sent),
    ended: () => bar.stop(),
  };
}

/** Prints lines of per cent. */
function createLineMeter(stream) {
  let total = 0;
  let printed = -1;
  return {
    started(bytes) {
      total = bytes;
      printed = -1;
    },
    progress(sent) {
      const percent = Math.floor((100 * sent) / total);
      if (percent < 100 && percent < printed + LINE_EVERY) return;
      printed = percent;
      stream.write(`  ${text('uploading', { percent, total })}\n`);
    },
    ended() {},
  };
}

const SILENT_METER = { started() {}, progress() {}, ended() {} };

const rounded = (ms) => Math.round(ms * 10) / 10;

function createJsonReport(stream) {
  return {
    step() {},
    meter: SILENT_METER,
    result(result) {
      const uploads = result.uploads.map((upload) => ({ ...upload, ms: rounded(upload.ms) }));
      stream.write(`${JSON.stringify({ ...result, uploads, ms: rounded(result.ms) })}\n`);
    },
  };
}

function createTextReport(stream) {
  return {
    step: (line) => void stream.write(`✓ ${line}\n`),
    meter: stream.isTTY ? createBarMeter(stream) : createLineMeter(stream),
    result({ callChannel, uploadChannel, uploads, text: words, requestId, bills, ms }) {
      for (const { url, ms: took } of uploads) {
        this.step(text('uploaded', { channel: uploadChannel, ms: rounded(took), url }));
      }
      this.step(text('called', { channel: callChannel, requestId, bills: bills.length }));
      this.step(text('read', { ms: rounded(ms) }));
      stream.write(`\n${words || text('noText')}\n`);
    },
  };
}

/**
 * Says what happens, as it happens, on stdout.
 *
 * @param {boolean} json - print the result alone, as one JSON object
 * @returns {{step(line: string): void, meter: {started(total: number): void, progress(sent: number): void,
 *   ended(): void}, result(result: object): void}}
 */
function createReport(json) {
  return json ? createJsonReport(process.stdout) : createTextReport(process.stdout);
}

module.exports = { createReport };
