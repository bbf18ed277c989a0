'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/** Exit codes by convention: 128 and the number of the signal. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * A temporary folder and what was started in one run. All of it is gone after `close()`, and the folder also when
 * the process ends in another way, interrupted for example.
 *
 * @returns {{folder: string, defer(undo: () => unknown): void, close(): Promise<void>}}
 */
function createWorkspace() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'servicemarket-demo-'));
  const undos = [];
  const remove = () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const listeners = Object.entries(SIGNALS).map(([signal, code]) => [signal, () => process.exit(code)]);
  process.once('exit', remove);
  for (const [signal, listener] of listeners) process.once(signal, listener);

  return {
    folder,
    /** Registers what `close()` does, last registered first. */
    defer: (undo) => void undos.push(undo),
    async close() {
      try {
        for (const undo of undos.splice(0).reverse()) await undo();
      } finally {
        remove();
        process.off('exit', remove);
        for (const [signal, listener] of listeners) process.off(signal, listener);
      }
    },
  };
}

module.exports = { createWorkspace };
