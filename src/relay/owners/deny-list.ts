import { digest, RelayError } from '../../invocation';
import type { StoreLog } from '../stores/log';

/** Somebody or something that an owner has denied. */
export interface Denial {
  kind: 'user' | 'service';
  name: string;
}

/** What a denial is known by. */
export function denialId({ kind, name }: Denial): string {
  return digest(JSON.stringify([kind, name]));
}

/** What a store knows of denials. */
export interface FoundDenials {
  version: string;
  denials: Denial[];
  /**
   * Ids of those whose record is damaged, or may not be read. They hold all the same: whoever was denied must not be let
   * in by a bad disk.
   */
  damaged?: string[];
}

/** Where denials are kept, for all instances and for the commands beside them. */
export interface DenialStore {
  add(denial: Denial): Promise<void>;
  remove(denial: Denial): Promise<void>;
  /**
   * @param version - of what was read last
   * @returns all denials, or undefined when nothing has changed since
   */
  read(version?: string): Promise<FoundDenials | undefined>;
}

/** Ms between two looks at the store: denials made elsewhere hold after that at the latest. */
const LOOK_MS = 1000;

/** Who and what is denied, as the store had it a second ago at most. */
export class DenyList {
  #users = new Set<string>();
  #services = new Set<string>();
  #damaged = new Set<string>();
  #version: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #hasFailed = false;
  /** Users whose sessions are still to be ended. */
  readonly #toEnd = new Set<string>();

  private constructor(
    private readonly store: DenialStore,
    private readonly log: StoreLog,
    private readonly endSessions: (userId: string) => Promise<void>,
  ) {}

  /**
   * @param endSessions - called with each user who is denied from now on
   * @throws the store's error: without the list a denied user would be let in
   */
  static async open(
    store: DenialStore,
    log: StoreLog,
    endSessions: (userId: string) => Promise<void>,
  ): Promise<DenyList> {
    const list = new DenyList(store, log, endSessions);
    await list.#read();
    list.#timer = setInterval(() => void list.#look(), LOOK_MS).unref();
    return list;
  }

  /** @throws RelayError 403 for a user who is denied */
  requireUser(userId: string): void {
    if (!this.#users.has(userId) && !this.#isDamaged({ kind: 'user', name: userId })) return;
    throw new RelayError(403, 'Failed to accept the request: the owner of the relay has denied this user.', {
      reason: 'denied',
    });
  }

  /** @throws RelayError 403 for a service that is denied */
  requireService(service: string): void {
    if (!this.#services.has(service) && !this.#isDamaged({ kind: 'service', name: service })) return;
    throw new RelayError(403, `Failed to call ${service}: the owner of the relay has denied this service.`, {
      reason: 'denied',
      billing: 'none',
    });
  }

  #isDamaged(denial: Denial): boolean {
    return this.#damaged.size > 0 && this.#damaged.has(denialId(denial));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** A store that fails leaves the list as it is; calls then fail by themselves where they need it. */
  #look(): Promise<void> {
    this.#looking ??= this.#read()
      .then(() => this.#endSessions())
      .then(
        () => void (this.#hasFailed = false),
        (error: unknown) => {
          if (!this.#hasFailed)
            this.log.warn('the list of denied users and services cannot be read', { err: error });
          this.#hasFailed = true;
        },
      )
      .finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #read(): Promise<void> {
    const isFirst = this.#version === undefined;
    const found = await this.store.read(this.#version);
    if (!found) return;
    const namesOf = (kind: Denial['kind']): Set<string> =>
      new Set(found.denials.filter((denial) => denial.kind === kind).map(({ name }) => name));
    const before = this.#users;
    this.#users = namesOf('user');
    this.#services = namesOf('service');
    this.#damaged = new Set(found.damaged);
    if (this.#damaged.size > 0) {
      const advice = 'they hold all the same; deny whom they are of again, or allow them';
      this.log.error(`records of denied users or services cannot be read: ${advice}`, {
        ids: [...this.#damaged],
      });
    }
    this.#version = found.version;
    // At the start none are ended: they were when the user was denied.
    if (isFirst) return;
    for (const user of this.#users) if (!before.has(user)) this.#toEnd.add(user);
    const counts = { users: this.#users.size, services: this.#services.size };
    this.log.info('the list of denied users and services has changed', counts);
  }

  /** What fails is tried again at the next look; the user is refused meanwhile. */
  async #endSessions(): Promise<void> {
    for (const user of this.#toEnd) {
      await this.endSessions(user);
      this.#toEnd.delete(user);
    }
  }
}
