import type { Database, Query } from '../shared/database';
import type { Command } from '../shared/database';

/** The database of wx-server-sdk, as far as the function uses it. */
export interface SdkDatabase {
  command: Command;
  collection(name: string): {
    add(options: { data: object }): Promise<unknown>;
    where(query: Query): {
      limit(max: number): { get(): Promise<{ data: unknown[] }> };
      update(options: { data: object }): Promise<{ stats: { updated: number } }>;
      remove(): Promise<{ stats: { removed: number } }>;
    };
  };
}

/** As much of wx-server-sdk as the function uses. */
export interface CloudSdk {
  getWXContext(): { OPENID?: string };
  database(): SdkDatabase;
  deleteFile(options: { fileList: string[] }): Promise<unknown>;
  openapi(options: { convertCase: boolean }): {
    serviceMarket: { invokeService(call: object): Promise<unknown> };
  };
}

/** The cloud database by queries. */
export function createDatabase(cloud: CloudSdk): Database {
  const database = cloud.database();
  const where = (name: string, query: Query) => database.collection(name).where(query);
  return {
    command: database.command,
    add: (name, document) => database.collection(name).add({ data: document }),
    list: async (name, query, max) => (await where(name, query).limit(max).get()).data as never,
    update: async (name, query, data) => (await where(name, query).update({ data })).stats.updated,
    remove: async (name, query) => (await where(name, query).remove()).stats.removed,
  };
}
