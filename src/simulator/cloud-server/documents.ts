import { randomWord } from '../text';
import type { Any } from '../types';
import { matches, valueAt } from './query';
import { CloudError } from './types';

type Document = Record<string, Any>;

interface Selection {
  query: Document;
  /** All that fit, or the first. */
  multi: boolean;
}

/** The cloud database: collections of documents with unique ids. */
export class Documents {
  private readonly collections = new Map<string, Document[]>();

  constructor(names: string[]) {
    for (const name of names) this.create(name);
  }

  create(name: string): void {
    if (!this.collections.has(name)) this.collections.set(name, []);
  }

  /** @throws CloudError when there is no such collection */
  all(name: string): Document[] {
    const documents = this.collections.get(name);
    if (!documents) throw new CloudError('DATABASE_COLLECTION_NOT_EXIST', `Db or Table not exist: ${name}`);
    return documents;
  }

  /** @returns the id. @throws CloudError when the id is taken; claims are built on that */
  insert(name: string, document: Document): string {
    const documents = this.all(name);
    const _id = (document._id ?? randomWord()) as string;
    if (documents.some((other) => other._id === _id)) {
      throw new CloudError(
        'DATABASE_REQUEST_FAILED',
        `E11000 duplicate key error collection: ${name} index: _id_ dup key: ${_id}`,
      );
    }
    documents.push({ ...document, _id });
    return _id;
  }

  find(name: string, query: Document): Document[] {
    return this.all(name).filter((document) => matches(document, query));
  }

  /** Replaces whole documents, or changes fields by `$set`, `$inc` and the like. @returns how many */
  modify(
    name: string,
    { query, multi }: Selection,
    change: Document,
    upsert: boolean,
  ): { updated: number; upsertedId?: string } {
    const found = this.find(name, query).slice(0, multi ? undefined : 1);
    if (found.length === 0 && upsert)
      return { updated: 0, upsertedId: this.insert(name, { ...query, ...change }) };
    for (const document of found) apply(document, change);
    return { updated: found.length };
  }

  /** @returns how many */
  remove(name: string, { query, multi }: Selection): number {
    const found = this.find(name, query).slice(0, multi ? undefined : 1);
    const documents = this.all(name);
    for (const document of found) documents.splice(documents.indexOf(document), 1);
    return found.length;
  }
}

function apply(document: Document, change: Document): void {
  const operators = Object.keys(change).filter((key) => key.startsWith('$'));
  if (operators.length === 0) {
    for (const key of Object.keys(document)) if (key !== '_id') delete document[key];
    Object.assign(document, change);
    return;
  }
  for (const operator of operators) {
    for (const [path, operand] of Object.entries(change[operator] as Document)) {
      put(document, path, changed(operator, valueAt(document, path), operand));
    }
  }
}

function changed(operator: string, value: Any, operand: Any): unknown {
  switch (operator) {
    case '$set':
      return operand as unknown;
    case '$unset':
      return undefined;
    case '$inc':
      return ((value ?? 0) as number) + (operand as number);
    case '$push':
      return [...((value ?? []) as unknown[]), ...((operand?.$each ?? [operand]) as unknown[])];
    default:
      throw new CloudError('DATABASE_INVALID_OPERRATOR', `unknown operator ${operator}`);
  }
}

function put(document: Document, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop() as string;
  const target = keys.reduce((at: Any, key) => (at[key] ??= {}) as Any, document);
  if (value === undefined) delete target[last];
  else target[last] = value;
}
