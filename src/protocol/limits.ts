import type { Limits } from './types';

/**
 * Every limit of the runtime in one table. `configure({limits})` overrides any of them.
 *
 * | limit          | unit    | default | whose                                                           |
 * |----------------|---------|---------|-----------------------------------------------------------------|
 * | messages       | count   | 52      | platform: one call and 51 polls (protocol 7)                    |
 * | messageTimeout | ms      | 20 000  | platform: wait for the answer to one message (protocol 7)       |
 * | repeats        | count   | 2       | platform: scene 2 questions after a loss, per call (protocol 7) |
 * | pollInterval   | ms      | 500     | ours: minimum time between two messages of one call               |
 * | transfers      | count   | 10      | platform: transfers in flight in the whole app                  |
 * | uploadTimeout  | ms      | 60 000  | ours: for an upload of no bytes …                               |
 * | uploadRate     | bytes/s | 20 480  | ours: … and the time for its bytes at this rate                 |
 * | fileBytes      | bytes   | 20 MiB  | ours: of one file over a relay, whose own limit this is         |
 */
export const LIMITS: Limits = {
  messages: 52,
  messageTimeout: 20000,
  repeats: 2,
  pollInterval: 500,
  transfers: 10,
  uploadTimeout: 60000,
  uploadRate: 20480,
  fileBytes: 20971520,
};

/** The largest file that the platform accepts; an upload of unknown size is given the time for it. */
export const MAX_FILE_BYTES = 10485760;

/** The most transfers that the platform has for an app; `limits.transfers` may be lower. */
export const MAX_TRANSFERS = 10;

/** The largest `perMinute` of a plugin's policy: so many times are kept. */
export const MAX_PER_MINUTE = 6000;

/** The largest delay of setTimeout, in ms: a longer one overflows 32 bits and fires immediately. */
export const MAX_TIMER_MS = 2147483647;

/** The longest time, in ms, that a relay holds a question for a result: below the 20 s that a page waits for a message. */
export const MAX_HOLD_MS = 15000;
