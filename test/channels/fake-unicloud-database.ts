/** The traditional database API of uniCloud's functions, in memory: only what is documented, and nothing else. */
import type { Any } from '../support/outcomes';

class Command {
  constructor(
    readonly name: 'lt' | 'inc',
    readonly value: number,
  ) {}
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
const copy = (value: Any): Any => JSON.parse(JSON.stringify(value));

/** A failure as uniCloud throws it. */
function failure(errCode: string, errMsg: string): Error {
  return Object.assign(new Error(errMsg), { errCode, errMsg });
}

function fits(document: Any, query: Any): boolean {
  return Object.entries(query).every(([key, wanted]) => {
    if (!(wanted instanceof Command)) return isSame(document[key], wanted);
    if (wanted.name !== 'lt') throw failure('DATABASE_INVALID_OPERATOR', `${wanted.name} is no condition`);
    return typeof document[key] === 'number' && document[key] < wanted.value;
  });
}

function change(document: Any, data: Any): boolean {
  const before = JSON.stringify(document);
  for (const [key, value] of Object.entries(data)) {
    if (!(value instanceof Command)) document[key] = copy(value);
    else if (value.name === 'inc') document[key] += value.value;
    else throw failure('DATABASE_INVALID_OPERATOR', `${value.name} is no change`);
  }
  return JSON.stringify(document) !== before;
}

export class Collections {
  private readonly collections: Map<string, Any[]>;
  /** Makes every request fail, as when the database cannot be reached. */
  broken = false;

  constructor(names: string[]) {
    this.collections = new Map(names.map((name) => [name, []]));
  }

  /** The documents themselves. */
  of(name: string): Any[] {
    const documents = this.collections.get(`servicemarket_${name}`);
    if (!documents) throw failure('DATABASE_COLLECTION_NOT_EXIST', `${name} does not exist`);
    return documents;
  }

  readonly api = {
    command: {
      lt: (value: number) => new Command('lt', value),
      inc: (value: number) => new Command('inc', value),
    },
    collection: (name: string) => {
      const documents = this.of(name.replace(/^servicemarket_/, ''));
      const found = (query: Any): Any[] => documents.filter((document) => fits(document, query));
      return {
        add: (data: Any) =>
          this.request(() => {
            if (documents.some(({ _id }) => _id === data._id))
              throw failure('DATABASE_REQUEST_FAILED', `E11000 duplicate key error _id: ${data._id}`);
            documents.push(copy(data));
            return { id: data._id };
          }),
        where: (query: Any) => ({
          limit: (most: number) => ({
            get: () =>
              this.request(() => {
                if (most > 500) throw failure('INVALID_PARAM', 'limit is at most 500');
                return { data: copy(found(query).slice(0, most)) };
              }),
          }),
          // What was not changed by its update is not counted.
          update: (data: Any) =>
            this.request(() => ({
              updated: found(query).filter((document) => change(document, data)).length,
            })),
          remove: () =>
            this.request(() => {
              const gone = found(query);
              for (const document of gone) documents.splice(documents.indexOf(document), 1);
              return { deleted: gone.length };
            }),
        }),
      };
    },
  };

  private async request<T>(work: () => T): Promise<T> {
    await new Promise(setImmediate);
    if (this.broken) throw failure('SYS_ERR', 'the database cannot be reached');
    return work();
  }
}
