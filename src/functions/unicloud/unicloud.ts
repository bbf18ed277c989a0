import type { Command, Database, Query } from '../shared/database';

/** As much of the global `uniCloud` as the function uses. */
export interface UniCloud {
  database(): {
    command: Command;
    collection(name: string): {
      add(document: object): Promise<unknown>;
      where(query: Query): {
        limit(max: number): { get(): Promise<{ data: unknown[] }> };
        update(changes: object): Promise<{ updated: number }>;
        remove(): Promise<{ deleted: number }>;
      };
    };
  };
  logger: { warn(...words: unknown[]): void; error(...words: unknown[]): void };
  uploadFile(options: {
    cloudPath: string;
    fileContent: Buffer;
    cloudPathAsRealPath: boolean;
  }): Promise<{ fileID: string }>;
  getTempFileURL(options: { fileList: string[] }): Promise<{ fileList: { tempFileURL: string }[] }>;
  deleteFile(options: { fileList: string[] }): Promise<unknown>;
}

/** The database of uniCloud by queries. */
export function createDatabase(cloud: UniCloud): Database {
  const database = cloud.database();
  const where = (name: string, query: Query) => database.collection(name).where(query);
  return {
    command: database.command,
    add: (name, document) => database.collection(name).add(document),
    list: async (name, query, max) => (await where(name, query).limit(max).get()).data as never,
    update: async (name, query, changes) => (await where(name, query).update(changes)).updated,
    remove: async (name, query) => (await where(name, query).remove()).deleted,
  };
}
