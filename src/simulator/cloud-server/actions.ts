import type { CloudBackend } from '../cloud/backend';
import type { Any } from '../types';
import type { Documents } from './documents';
import { readTyped, writeTyped } from './encodings';
import { CloudError } from './types';

/** What the actions of one cloud work on. */
export interface CloudState {
  documents: Documents;
  cloud: CloudBackend;
}

type Action = (state: CloudState, params: Any) => Record<string, unknown>;

const queryOf = ({ query }: Any): Record<string, Any> =>
  query ? (readTyped(query as string, Date.now()) as Record<string, Any>) : {};

const selectionOf = (params: Any): { query: Record<string, Any>; multi: boolean } => ({
  query: queryOf(params),
  multi: params.multi === true,
});

/** The SDK's requests by name: database and storage. */
const ACTIONS: Record<string, Action> = {
  'database.addCollection': ({ documents }, { collectionName: name }) => {
    documents.create(name as string);
    return {};
  },
  'database.insertDocument': ({ documents }, { collectionName: name, data }) => ({
    insertedIds: (data as string[]).map((text) =>
      documents.insert(name as string, readTyped(text, Date.now()) as Any),
    ),
  }),
  'database.getDocument': ({ documents }, params) => {
    const { collectionName: name, order, offset = 0, limit = 100 } = params;
    const found = sorted(documents.find(name as string, queryOf(params)), order as string | undefined);
    const page = found.slice(offset as number, (offset + limit) as number);
    return { list: page.map(writeTyped) };
  },
  'database.calculateDocument': ({ documents }, params) => ({
    total: documents.find(params.collectionName as string, queryOf(params)).length,
  }),
  'database.modifyDocument': ({ documents }, params) => {
    const change = readTyped(params.data as string, Date.now()) as Record<string, Any>;
    const { updated, upsertedId } = documents.modify(
      params.collectionName as string,
      selectionOf(params),
      change,
      params.upsert === true,
    );
    return { updated, upsert_id: upsertedId };
  },
  'database.removeDocument': ({ documents }, params) => ({
    deleted: documents.remove(params.collectionName as string, selectionOf(params)),
  }),
  'storage.batchGetDownloadUrl': ({ cloud }, { file_list: list }) => ({
    download_list: (list as { fileid: string }[]).map(({ fileid }) =>
      cloud.read(fileid)
        ? { fileID: fileid, tempFileURL: cloud.tempUrl(fileid), code: 'SUCCESS' }
        : { fileID: fileid, tempFileURL: '', code: 'STORAGE_FILE_NONEXIST' },
    ),
  }),
  'storage.batchDeleteFile': ({ cloud }, { fileid_list: list }) => ({
    delete_list: (list as string[]).map((fileID) => ({
      fileID,
      code: cloud.remove(fileID) ? 'SUCCESS' : 'STORAGE_FILE_NONEXIST',
    })),
  }),
};

/** @throws CloudError for an action that is not implemented here */
export function runAction(state: CloudState, params: Any): Record<string, unknown> {
  const action = ACTIONS[params.action as string];
  if (!action) throw new CloudError('INVALID_PARAM', `unknown action ${String(params.action)}`);
  return action(state, params);
}

function sorted(documents: Any[], order: string | undefined): Any[] {
  if (!order) return documents;
  const rules = readTyped(order, Date.now()) as Any;
  const list = (
    Array.isArray(rules)
      ? rules
      : Object.entries(rules as object).map(([field, direction]) => ({ field, direction }))
  ) as {
    field: string;
    direction: string | number;
  }[];
  return documents.slice().sort((left: Any, right: Any) => {
    for (const { field, direction } of list) {
      if (left[field] === right[field]) continue;
      const up = left[field] < right[field] ? -1 : 1;
      return direction === -1 || direction === 'desc' ? -up : up;
    }
    return 0;
  });
}
