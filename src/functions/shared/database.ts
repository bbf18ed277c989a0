/** A document by its fields. */
export type Document = Record<string, unknown> & { _id: string };

/** A query: fields with the value that they must have, or a command. */
export type Query = Record<string, unknown>;

/** Commands of the database's language. */
export interface Command {
  lt(value: number): unknown;
  inc(value: number): unknown;
}

/** A cloud's database by queries. Each rejects with whatever its cloud throws. */
export interface Database {
  command: Command;
  /** Fails where a document with this `_id` is there already. */
  add(collection: string, document: Document): Promise<unknown>;
  list(collection: string, query: Query, max: number): Promise<Document[]>;
  /** @returns how many documents were changed */
  update(collection: string, query: Query, changes: Record<string, unknown>): Promise<number>;
  /** @returns how many documents were removed */
  remove(collection: string, query: Query): Promise<number>;
}

/**
 * Adds a document, once for all callers with its `_id`.
 *
 * @param document - with a `mark` of its own, it counts as new also where it was written and the answer was lost
 * @returns whether it is new: of several callers with one `_id` just one gets true
 */
export async function addOnce(database: Database, collection: string, document: Document): Promise<boolean> {
  try {
    await database.add(collection, document);
    return true;
  } catch (error) {
    // Looked up, because the error for an `_id` that is taken has other words in every cloud.
    const [present] = await database.list(collection, { _id: document._id }, 1);
    if (present) return document.mark !== undefined && present.mark === document.mark;
    throw error;
  }
}
