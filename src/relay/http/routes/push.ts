import type { FastifyInstance, FastifyRequest } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { RelayError } from '../../../invocation';
import { type Push, type PushQuery, type PushReader, PushRefusal } from '../../../openapi';
import type { Apps } from '../../apps/apps';
import { fitsShare, Tally } from '../../apps/share';
import { noSuchPath } from '../hooks/errors';
import { limitBodyTime } from '../hooks/stall';
import { sizeOfValues } from '../json-body';
import { refuseOtherMethods } from '../refuse-other-methods';

/** Bytes of a push, which anybody may send. */
const MAX_PUSH_BYTES = 1024 * 1024;
/**
 * Pushes that are read at once. Those whose query has no signature, which anybody can send, are counted apart: they must
 * not take the places of the platform's. Nor may those of one app take the places of all others.
 */
const MAX_PENDING = { signed: 32, unsigned: 8 };
/** Ms for a body, and for what comes before the answer: the platform waits 5 s for it. */
const MAX_BODY_MS = 4000;
const MAX_WORK_MS = 4000;

/** What reads pushes, and what takes them. */
interface Pushes {
  reader: PushReader;
  receiver: { receive(push: Push): Promise<void> };
}

/** Events of a third-party platform, at `/push/<its appid>`. */
export interface ComponentPushes extends Pushes {
  appid: string;
}

interface Pushed {
  Querystring: PushQuery;
  Body: string | undefined;
}

/**
 * `GET /push`: the console sets the address up. `POST /push`: what the platform pushes (protocol 16); the answer is
 * `success` once it is stored, whatever the owner's hook does with it. What is not the platform's is refused before
 * anything is stored.
 *
 * @param server - an instance of its own, whose bodies are strings of any type
 */
export function addPushRoutes(server: FastifyInstance, apps: Apps, component?: ComponentPushes): void {
  const url = apps.pathOf('/push');
  const pending = { signed: new Tally(), unsigned: new Tally() };
  const isShared = apps.all.length + (component ? 1 : 0) > 1;
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MAX_PUSH_BYTES }, (_request, body, done) =>
    done(null, body),
  );

  server.get<Pushed>(url, async (request, reply) => {
    const { reader } = pushesOf(request);
    const echostr = refuse(() => reader.echo(request.query));
    return reply.type('text/plain; charset=utf-8').send(echostr);
  });

  server.post<Pushed>(
    url,
    {
      onRequest: [
        async (request, reply) => {
          refuse(() => pushesOf(request).reader.admit(request.query));
          const kind = request.query.signature === undefined ? 'unsigned' : 'signed';
          const { appid = '' } = request.params as { appid?: string };
          const taken = { ofApp: pending[kind].of(appid), ofAll: pending[kind].total };
          if (!fitsShare(1, taken, MAX_PENDING[kind], isShared))
            throw new RelayError(429, 'Failed to accept the push: too many are under way.');
          pending[kind].add(appid, 1);
          reply.raw.once('close', () => pending[kind].add(appid, -1));
        },
        limitBodyTime(MAX_BODY_MS),
      ],
    },
    async (request, reply) => {
      const { query, body = '' } = request;
      const { reader, receiver } = pushesOf(request);
      // Too many values are refused before they are parsed, as in any other body.
      sizeOfValues(body);
      const push = refuse(() => reader.read(query, body));
      let isLate = false;
      const work = receiver.receive(push).then(
        () => 'success',
        (error: unknown) => {
          if (!isLate) throw asRefusal(error);
          request.log.error({ err: error }, 'failed to store a push');
        },
      );
      const answer = await Promise.race([work, sleep(MAX_WORK_MS, undefined, { ref: false })]);
      if (answer) return reply.type('text/plain; charset=utf-8').send(answer);
      isLate = true;
      const cause = `it could not be stored within ${MAX_WORK_MS} ms`;
      throw new RelayError(503, `Failed to accept the push: ${cause}.`, { billing: 'none' });
    },
  );
  refuseOtherMethods(server, url, ['GET', 'POST']);

  function pushesOf(request: FastifyRequest): Pushes {
    const { appid } = request.params as { appid?: string };
    const pushes = component && appid === component.appid ? component : apps.ofPath(request)?.pushes;
    if (!pushes) throw noSuchPath();
    return pushes;
  }
}

function refuse<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asRefusal(error);
  }
}

function asRefusal(error: unknown): unknown {
  if (!(error instanceof PushRefusal)) return error;
  return new RelayError(403, `Failed to accept the push: ${error.message}.`, { cause: error });
}
