import { setTimeout as sleep } from 'node:timers/promises';
import { RelayError } from '../../invocation';
import { type PushReader, PushRefusal } from '../../openapi/push/push-reader';
import type { PushedResults } from '../shared/pushed-results';
import type { Request } from './http';

type PushRoute = (request: Request) => Promise<string>;

const MAX_PUSH_BYTES = 1024 * 1024;
/** Ms for what comes before the answer: the platform waits 5 s for it. */
const MAX_WORK_MS = 4000;

/**
 * `GET push`: the console sets the address up. `POST push`: what the platform pushes (protocol 16), answered with
 * `success` once it is stored, because what runs on after an answer may be frozen.
 *
 * @returns functions that throw a RelayError, on which the platform sends it again, three times in all
 */
export function createPushRoutes(reader: PushReader, results: PushedResults): Record<string, PushRoute> {
  return {
    GET: refusing(async ({ query }) => reader.echo(query)),

    POST: refusing(async ({ query, bytes }) => {
      if (bytes.length > MAX_PUSH_BYTES) {
        throw new RelayError(413, `Failed to accept the push: it is larger than ${MAX_PUSH_BYTES} bytes.`);
      }
      const work = results.receive(reader.read(query, bytes.toString())).then(() => 'success');
      const answer = await Promise.race([work, sleep(MAX_WORK_MS, undefined, { ref: false })]);
      if (answer) return answer;
      const cause = `it could not be stored within ${MAX_WORK_MS} ms`;
      throw new RelayError(503, `Failed to accept the push: ${cause}.`, { billing: 'none' });
    }),
  };
}

/** Nothing of what is not the platform's gets into the log: anybody can send it. */
function refusing(route: PushRoute): PushRoute {
  return async (request) => {
    try {
      return await route(request);
    } catch (error) {
      if (!(error instanceof PushRefusal)) throw error;
      throw new RelayError(403, `Failed to accept the push: ${error.message}.`);
    }
  };
}
