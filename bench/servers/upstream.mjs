import { createServer } from 'node:http';

/** A stand-in for the platform's server that answers at once: tokens, users, and the same result to every call. */
const TOKEN = JSON.stringify({ access_token: 'token', expires_in: 7200 });
const RESULT = JSON.stringify({
  errcode: 0,
  errmsg: 'ok',
  data: '{"ocr_comm_res":{"items":[{"text":"two"}]}}',
});

function answerTo({ pathname, searchParams }) {
  if (pathname.startsWith('/wxa/')) return RESULT;
  if (pathname !== '/sns/jscode2session') return TOKEN;
  return JSON.stringify({ openid: searchParams.get('js_code'), session_key: 'key' });
}

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.setHeader('content-type', 'application/json');
    response.end(answerTo(new globalThis.URL(request.url, 'http://x')));
  });
});

process.once('message', () => {
  server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
});
