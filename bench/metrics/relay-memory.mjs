import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { target } from '../harness/row.mjs';
import { round } from '../harness/statistics.mjs';
import { openSession } from '../servers/open-session.mjs';
import { startServer } from '../servers/start-server.mjs';

export const keys = ['relay.rss'];
export const title = "the relay's resident memory while 50 files of 20 MB come in at once";

const FILES = 50;
const CHUNK = Buffer.alloc(50_000, 'x');
const CHUNKS = 400;
const BOUNDARY = 'bench-boundary';
const HEAD = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\ncontent-type: application/octet-stream\r\n\r\n`;
const TAIL = `\r\n--${BOUNDARY}--\r\n`;

function* body(chunks) {
  yield HEAD;
  for (let i = 0; i < chunks; i++) yield CHUNK;
  yield TAIL;
}

/** Sends one file as a form does. @throws Error for any answer but 200 */
async function upload(url, token, chunks) {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    'content-length': HEAD.length + chunks * CHUNK.length + TAIL.length,
  };
  const sending = request(`${url}/files`, { method: 'POST', headers, agent: false });
  const answered = new Promise((resolve, reject) => {
    sending.on('response', (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode));
    });
    sending.on('error', reject);
  });
  await pipeline(Readable.from(body(chunks)), sending);
  const status = await answered;
  if (status !== 200) throw new Error(`The relay answered an upload with ${status}`);
}

/** Idle is measured after one small upload, so that what is loaded once does not count. */
export async function measure() {
  const upstream = await startServer('upstream');
  const relay = await startServer('relay', { upstream: upstream.url });
  try {
    const token = await openSession(relay.url);
    await upload(relay.url, token, 1);
    const { now: idle } = await relay.ask({});
    await Promise.all(Array.from({ length: FILES }, () => upload(relay.url, token, CHUNKS)));
    const { peak } = await relay.ask({});
    const megabytes = (bytes) => round(bytes / 1024 / 1024);
    return {
      'relay.rss': {
        unit: 'MB',
        ours: megabytes(peak),
        peers: { 'itself idle': megabytes(idle) },
        ratio: round(peak / idle),
        targets: [target('MB more than idle', megabytes(peak - idle), 64)],
        counts: true,
      },
    };
  } finally {
    for (const server of [relay, upstream]) await server.close();
  }
}
