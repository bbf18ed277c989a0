import * as call from './call.mjs';
import * as growth from './growth.mjs';
import * as inject from './inject.mjs';
import * as load from './load.mjs';
import * as prepare from './prepare.mjs';
import * as quickjs from './quickjs.mjs';
import * as relayMemory from './relay-memory.mjs';
import * as relayThroughput from './relay-throughput.mjs';
import * as size from './size.mjs';
import * as uploads from './uploads.mjs';

/**
 * Every metric: `keys` of its rows, a `title`, and `measure(key, context)`, which gives rows by key. A metric
 * with `together` measures all its keys at once.
 */
export const METRICS = {
  prepare,
  growth,
  call,
  uploads,
  load,
  size,
  quickjs,
  inject,
  relayThroughput,
  relayMemory,
};
