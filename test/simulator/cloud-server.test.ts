import { createCloudServer, ProviderError } from '../../src/simulator';
import type { Any, CloudServer, CloudServerOptions, Host, HostOptions } from '../../src/simulator';
import { cleanUpAfterTest } from '../support/cleanup';
import { openHost } from '../support/hosts';

/** The cloud as wx-server-sdk 4.0.2 talks to it: the requests here are what the SDK was seen to send. */

let host: Host;
let server: CloudServer;

async function start(options?: CloudServerOptions, hostOptions?: HostOptions): Promise<void> {
  host = openHost({ clock: 'real', ...hostOptions });
  server = await createCloudServer(host, { collections: ['c'], ...options });
  cleanUpAfterTest(() => server.close());
}

async function send(action: string, params: object): Promise<Any> {
  const { URL: url } = JSON.parse(server.variables('U').TCB_CONTEXT_CNFG as string) as { URL: string };
  const response = await fetch(`${url}?env=env-1&seqId=1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action, ...params }),
  });
  return response.json();
}

const insert = (...documents: string[]): Promise<Any> =>
  send('database.insertDocument', { collectionName: 'c', data: documents });

const query = (text: string, more = {}): object => ({
  collectionName: 'c',
  query: text,
  queryType: 'WHERE',
  ...more,
});

const found = async (text: string, more?: object): Promise<Any[]> =>
  (await send('database.getDocument', query(text, more))).data.list.map(
    (item: string) => JSON.parse(item) as Any,
  );

describe('the database', () => {
  beforeEach(() => start());

  test('keeps typed values and gives them back', async () => {
    const reply = await insert(
      '{"_id":"x","n":{"$numberInt":"1"},"at":{"$date":{"$numberLong":"5"}},"s":{"$tcb_server_date":{"offset":0}}}',
    );
    expect(reply.data.insertedIds).toEqual(['x']);
    const [document] = await found('{"_id":"x"}');
    expect(document).toMatchObject({ n: 1, at: { $date: { $numberLong: '5' } } });
    expect(server.documents('c')[0].s).toBeInstanceOf(Date);
  });

  test('an id can be taken once: claims are safe', async () => {
    await insert('{"_id":"x"}');
    expect(await insert('{"_id":"x"}')).toMatchObject({
      code: 'DATABASE_REQUEST_FAILED',
      message: expect.stringContaining('E11000'),
    });
    expect(server.requests.map(({ code }) => code)).toEqual([undefined, 'DATABASE_REQUEST_FAILED']);
  });

  test.each([
    ['{"n":2}', ['b']],
    ['{"n":{"$gt":{"$numberInt":"1"}}}', ['b', 'c']],
    ['{"$and":[{"n":{"$gte":1}},{"n":{"$lt":3}}]}', ['a', 'b']],
    ['{"n":{"$or":[{"$eq":1},{"$eq":3}]}}', ['a', 'c']],
    ['{"$or":[{"_id":"a"},{"n":{"$in":[3]}}]}', ['a', 'c']],
    ['{"n":{"$nin":[1,2]}}', ['c']],
    ['{"o.p":{"$exists":true}}', ['a']],
    ['{"n":{"$not":{"$lte":2}}}', ['c']],
    ['{"n":{"$lt":"9"}}', []],
    ['{"o":{"p":1}}', ['a']],
  ])('finds %s', async (text, ids) => {
    await insert('{"_id":"a","n":1,"o":{"p":1}}', '{"_id":"b","n":2}', '{"_id":"c","n":3}');
    expect((await found(text)).map(({ _id }: { _id: string }) => _id)).toEqual(ids);
  });

  test('sorts, pages and counts', async () => {
    await insert('{"_id":"a","n":1}', '{"_id":"b","n":3}', '{"_id":"c","n":2}');
    const order = '[{"field":"n","direction":"desc"}]';
    expect(
      (await found('{}', { order, offset: 1, limit: 1 })).map(({ _id }: { _id: string }) => _id),
    ).toEqual(['c']);
    expect((await send('database.calculateDocument', query('{"n":{"$gt":1}}'))).data.total).toBe(2);
  });

  test('changes fields, replaces, upserts and removes', async () => {
    await insert('{"_id":"a","n":1,"o":{"x":1,"y":1}}');
    const modify = (text: string, data: string, more = {}): Promise<Any> =>
      send('database.modifyDocument', { ...query(text), data, ...more });
    const change =
      '{"$inc":{"n":{"$numberInt":"2"}},"$set":{"o.p":7},"$unset":{"o.x":""},"$push":{"l":{"$each":[1,2]}}}';
    expect((await modify('{"_id":"a"}', change)).data.updated).toBe(1);
    expect(server.documents('c')).toEqual([{ _id: 'a', n: 3, o: { y: 1, p: 7 }, l: [1, 2] }]);
    await modify('{"_id":"a"}', '{"z":1}');
    expect(server.documents('c')).toEqual([{ _id: 'a', z: 1 }]);
    expect((await modify('{"_id":"b"}', '{"z":2}', { upsert: true })).data.upsert_id).toBe('b');
    expect((await send('database.removeDocument', query('{}', { multi: true }))).data.deleted).toBe(2);
  });

  test.each([
    ['database.getDocument', { collectionName: 'no' }, 'DATABASE_COLLECTION_NOT_EXIST'],
    [
      'database.getDocument',
      { collectionName: 'c', query: '{"n":{"$near":1}}' },
      'DATABASE_INVALID_OPERRATOR',
    ],
    ['database.watch', {}, 'INVALID_PARAM'],
  ])('%s %j is refused', async (action, params, code) => {
    await insert('{"_id":"a"}');
    expect(await send(action, params)).toMatchObject({ code });
  });

  test('a collection can be made', async () => {
    await send('database.addCollection', { collectionName: 'new' });
    expect(server.documents('new')).toEqual([]);
    expect(() => server.documents('no')).toThrow('Db or Table not exist: no');
  });
});

describe('files', () => {
  test('that the page uploaded are linked and deleted', async () => {
    await start(undefined, { files: { 'wxfile://a': 'A' } });
    const { fileID } = (await (host.run(
      "wx.cloud.init(); return wx.cloud.uploadFile({ cloudPath: 'a', filePath: 'wxfile://a' })",
    ) as Promise<Any>)) as { fileID: string };
    const [link] = (await send('storage.batchGetDownloadUrl', { file_list: [{ fileid: fileID }] })).data
      .download_list;
    expect(link).toMatchObject({ code: 'SUCCESS', tempFileURL: expect.stringMatching(/^https:/) });
    const remove = async (): Promise<string> =>
      (await send('storage.batchDeleteFile', { fileid_list: [fileID] })).data.delete_list[0].code as string;
    expect([await remove(), await remove()]).toEqual(['SUCCESS', 'STORAGE_FILE_NONEXIST']);
    expect(host.cloud.files).toEqual([]);
  });
});

describe('open interfaces', () => {
  /** One length-delimited protobuf field of fewer than 128 bytes. */
  const field = (id: number, content: string | Buffer): Buffer => {
    const bytes = Buffer.from(content as string);
    return Buffer.concat([Buffer.from([id * 8 + 2, bytes.length]), bytes]);
  };

  async function call(apiName: string, args: Record<string, unknown>): Promise<Any> {
    const pairs = Object.entries(args).map(([key, value]) =>
      field(1, Buffer.concat([field(1, key), field(2, JSON.stringify(value))])),
    );
    const form = new FormData();
    form.set('action', 'wx.openApi');
    form.set('apiName', apiName);
    form.set('requestData', new Blob([new Uint8Array(field(2, Buffer.concat(pairs)))]));
    const response = await fetch(`${server.origin}/admin`, { method: 'POST', body: form });
    const text = Buffer.from(await response.arrayBuffer()).toString();
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as Any;
  }

  const CALL = { service: 's', api: 'a', data: { imgUrl: 1 }, client_msg_id: 'm' };

  test('the service market answers, bills the app, and fails as over HTTPS', async () => {
    await start(undefined, {
      providers: { 's/a': (data) => data, 's/down': () => Promise.reject(new ProviderError(-8, 'down')) },
    });
    expect(await call('serviceMarket.invokeService', CALL)).toEqual({
      errcode: 0,
      errmsg: 'ok',
      data: '{"imgUrl":1}',
    });
    expect(host.market.bills).toMatchObject([{ id: 'm', channel: 'cloud', by: 'wxhost00000000000' }]);
    expect(await call('serviceMarket.invokeService', { ...CALL, api: 'down' })).toMatchObject({
      errcode: -8,
    });
    expect(await call('serviceMarket.invokeService', { ...CALL, client_msg_id: '' })).toMatchObject({
      errcode: -1,
    });
  });

  test('nothing without the permission', async () => {
    await start({ permissions: [] });
    expect(await call('serviceMarket.invokeService', CALL)).toMatchObject({ errcode: -604101 });
    expect(host.market.bills).toEqual([]);
  });
});
