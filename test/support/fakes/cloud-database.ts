/**
 * The database of a cloud's functions, in memory: only what is documented, and nothing else. `FakeUniDatabase` is
 * uniCloud's, `FakeSdkDatabase` that of wx-server-sdk; they differ in the shapes of arguments and answers, in errors
 * and in limits.
 *
 * Sources: for wx-server-sdk the reference of `Collection.limit` (in functions 1000 at most), and what the SDK itself
 * made of the answers of a cloud server (errCode -502001 for a failed request, -502005 for a collection that is not
 * there); for uniCloud its page on the traditional database API (500 at most, `updated` without what an update left
 * as it was). Both hand on the words of the engine behind them, MongoDB's E11000 among them. A document that is not
 * there is no error: an update or a removal that finds nothing says 0.
 */
import type { Any } from '../outcomes';

class Command {
  constructor(
    readonly name: 'lt' | 'inc',
    readonly value: number,
  ) {}
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
const copy = (value: Any): Any => JSON.parse(JSON.stringify(value));

abstract class FakeCloudDatabase {
  private readonly collections: Map<string, Any[]>;
  /** Runs before each request, which fails where this throws or rejects. */
  reach: () => unknown = () => {};

  /** @param names - of the collections, without `servicemarket_` */
  constructor(names: string[]) {
    this.collections = new Map(names.map((name) => [`servicemarket_${name}`, []]));
  }

  /** From now on every request fails, as when the database cannot be reached. */
  breakDown(): void {
    this.reach = () => {
      throw this.failure('SYS_ERR', 'the database cannot be reached');
    };
  }

  /** Documents that one request may ask for, at most. */
  protected abstract readonly maxLimit: number;
  /** An error as this cloud throws it. */
  protected abstract failure(code: string, message: string): Error;

  readonly command = {
    lt: (value: number) => new Command('lt', value),
    inc: (value: number) => new Command('inc', value),
  };

  /** The documents themselves. @param name - of a collection, without `servicemarket_` */
  of(name: string): Any[] {
    return this.find(`servicemarket_${name}`, {});
  }

  protected add(name: string, data: Any): Promise<string> {
    return this.request(() => {
      const documents = this.all(name);
      if (documents.some(({ _id }) => _id === data._id))
        throw this.failure('DATABASE_REQUEST_FAILED', `E11000 duplicate key error _id: ${data._id}`);
      documents.push(copy(data));
      return data._id;
    });
  }

  protected get(name: string, query: Any, limit: number): Promise<Any[]> {
    return this.request(() => {
      if (limit > this.maxLimit) throw this.failure('INVALID_PARAM', `limit is at most ${this.maxLimit}`);
      return copy(this.find(name, query).slice(0, limit));
    });
  }

  /** @returns how many were changed: what an update leaves as it was is not counted */
  protected update(name: string, query: Any, data: Any): Promise<number> {
    return this.request(
      () => this.find(name, query).filter((document) => this.change(document, data)).length,
    );
  }

  protected remove(name: string, query: Any): Promise<number> {
    return this.request(() => {
      const documents = this.all(name);
      const gone = this.find(name, query);
      for (const document of gone) documents.splice(documents.indexOf(document), 1);
      return gone.length;
    });
  }

  private all(name: string): Any[] {
    const documents = this.collections.get(name);
    if (!documents) throw this.failure('DATABASE_COLLECTION_NOT_EXIST', `${name} does not exist`);
    return documents;
  }

  private find(name: string, query: Any): Any[] {
    return this.all(name).filter((document) =>
      Object.entries(query).every(([key, wanted]) => {
        if (!(wanted instanceof Command)) return isSame(document[key], wanted);
        if (wanted.name !== 'lt')
          throw this.failure('DATABASE_INVALID_OPERATOR', `${wanted.name} is no condition`);
        return typeof document[key] === 'number' && document[key] < wanted.value;
      }),
    );
  }

  private change(document: Any, data: Any): boolean {
    const before = JSON.stringify(document);
    for (const [key, value] of Object.entries(data)) {
      if (!(value instanceof Command)) document[key] = copy(value);
      else if (value.name === 'inc') document[key] += value.value;
      else throw this.failure('DATABASE_INVALID_OPERATOR', `${value.name} is no change`);
    }
    return JSON.stringify(document) !== before;
  }

  private async request<T>(work: () => T): Promise<T> {
    await new Promise(setImmediate);
    await this.reach();
    return work();
  }
}

/** The traditional database API of uniCloud's functions. */
export class FakeUniDatabase extends FakeCloudDatabase {
  protected readonly maxLimit = 500;

  protected failure(errCode: string, errMsg: string): Error {
    return Object.assign(new Error(errMsg), { errCode, errMsg });
  }

  /** What `uniCloud.database()` returns. */
  readonly api = {
    command: this.command,
    collection: (name: string) => ({
      add: async (data: Any) => ({ id: await this.add(name, data) }),
      where: (query: Any) => ({
        limit: (max: number) => ({ get: async () => ({ data: await this.get(name, query, max) }) }),
        update: async (data: Any) => ({ updated: await this.update(name, query, data) }),
        remove: async () => ({ deleted: await this.remove(name, query) }),
      }),
    }),
  };
}

/** The database of wx-server-sdk, in a cloud function. */
export class FakeSdkDatabase extends FakeCloudDatabase {
  protected readonly maxLimit = 1000;

  protected failure(code: string, message: string): Error {
    const errCode = code === 'DATABASE_COLLECTION_NOT_EXIST' ? -502_005 : -502_001;
    const errMsg = `collection:fail ${errCode} ${message}`;
    return Object.assign(new Error(errMsg), { errCode, errMsg });
  }

  /** What `cloud.database()` returns. */
  readonly api = {
    command: this.command,
    collection: (name: string) => ({
      add: async ({ data }: { data: Any }) => ({ _id: await this.add(name, data) }),
      where: (query: Any) => ({
        limit: (max: number) => ({ get: async () => ({ data: await this.get(name, query, max) }) }),
        update: async ({ data }: { data: Any }) => ({
          stats: { updated: await this.update(name, query, data) },
        }),
        remove: async () => ({ stats: { removed: await this.remove(name, query) } }),
      }),
    }),
  };
}
