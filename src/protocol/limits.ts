import type { Limits } from './types';

/**
 * Every limit of the runtime in one table. `configure({limits})` overrides any of them.
 *
 * | limit          | unit    | default | whose                                                           |
 * |----------------|---------|---------|-----------------------------------------------------------------|
 * | messages       | count   | 52      | platform: one call and 51 polls (protocol 7)                    |
 * | messageTimeout | ms      | 20 000  | platform: wait for the answer to one message (protocol 7)       |
 * | repeats        | count   | 2       | platform: scene 2 questions after a loss, per call (protocol 7) |
 * | pollInterval   | ms      | 500     | ours: least time between two messages of one call               |
 * | transfers      | count   | 10      | platform: transfers in flight in the whole app                  |
 * | uploadTimeout  | ms      | 60 000  | ours: for an upload of no bytes …                               |
 * | uploadRate     | bytes/s | 20 480  | ours: … and the time for its bytes at this rate                 |
 */
export const LIMITS: Limits = {
  messages: 52,
  messageTimeout: 20000,
  repeats: 2,
  pollInterval: 500,
  transfers: 10,
  uploadTimeout: 60000,
  uploadRate: 20480,
};

/** Bytes that an upload of unknown size is given time for: the most that the platform takes as one file. */
export const LARGEST_FILE = 10485760;

/** Largest delay of setTimeout: a longer one overflows 32 bits and fires at once. */
export const MAX_TIMER_MS = 2147483647;
