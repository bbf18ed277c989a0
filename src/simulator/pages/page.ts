import { callUser } from '../apis/callbacks';
import type { Env } from '../host/env';
import { toRealm, toRealmFunction } from '../realm/realm';
import type { Any, Page } from '../types';
import type { PageDefinition, Stage } from './definition';
import { observed, setData } from './set-data';

/** Members of pages that need a rendered page: calling one says so. */
const NOT_HERE = [
  'selectComponent',
  'selectAllComponents',
  'selectOwnerComponent',
  'createSelectorQuery',
  'createIntersectionObserver',
  'createMediaQueryObserver',
  'getTabBar',
  'animate',
  'clearAnimation',
];

/** A page that was opened. */
export class OpenPage {
  /** `this` of page code: an object of the realm. */
  readonly instance: Page;
  /** The data that `setData` has brought to the view. */
  readonly shown: Record<string, Any>;

  constructor(
    private readonly env: Env,
    private readonly definition: PageDefinition,
    readonly path: string,
    readonly query: Record<string, string>,
  ) {
    const { realm } = env;
    this.shown = initialData(definition, query);
    this.instance = Object.assign(new realm.intrinsics.Object(), definition.members) as Page;
    Object.assign(this.instance, {
      route: path,
      is: path,
      options: toRealm(realm, query) as unknown,
      data: realm.intrinsics.JSON.parse(JSON.stringify(this.shown)) as unknown,
      setData: toRealmFunction(realm, 'setData', (change: Any, callback: unknown) =>
        this.change(change, callback),
      ) as unknown,
    });
    this.instance.properties = this.instance.data;
    this.refuseMissing();
  }

  /** Calls a function of the page, if it has it; a throw is reported. */
  tell(name: string, argument?: unknown): void {
    this.call(this.instance[name], argument);
  }

  stage(stage: Stage): void {
    for (const listener of this.definition.lifetimes[stage]) this.call(listener);
  }

  turn(to: 'show' | 'hide'): void {
    for (const listener of this.definition.pageLifetimes[to]) this.call(listener);
    this.tell(to === 'show' ? 'onShow' : 'onHide');
  }

  private call(listener: unknown, ...args: unknown[]): void {
    if (typeof listener !== 'function') return;
    const { realm } = this.env;
    const report = (error: unknown): void => this.env.report(error);
    try {
      const returned = listener.apply(
        this.instance,
        args.map((arg) => toRealm(realm, arg) as unknown),
      ) as Any;
      // Nobody waits for an async function of the page, and its failure is one all the same.
      if (returned instanceof realm.intrinsics.Promise) returned.catch(report);
    } catch (error) {
      report(error);
    }
  }

  private change(change: Any, callback: unknown): void {
    setData(this.env.realm.intrinsics, this.instance.data, change);
    setData({ Object, Array, JSON }, this.shown, change);
    this.env.machine.screen?.update(this);
    for (const [fields, listener] of this.definition.observers) {
      const values = observed(this.instance.data, fields, change);
      if (values) this.call(listener, ...values);
    }
    callUser(this.env, callback);
  }

  private refuseMissing(): void {
    for (const name of NOT_HERE.filter((one) => !(one in this.instance))) {
      const refuse = toRealmFunction(this.env.realm, name, () => {
        throw new Error(
          `Failed to call this.${name}: pages of the simulator do not have it. Set it in the test: page.instance.${name} = …`,
        );
      }) as unknown;
      Object.defineProperty(this.instance, name, { value: refuse, writable: true, configurable: true });
    }
  }
}

/** `data` with the properties of a page that is written as a component, which the page's query sets. */
function initialData(
  { data, properties }: PageDefinition,
  query: Record<string, string>,
): Record<string, Any> {
  const values = Object.entries(properties).map(([name, property]): [string, unknown] => {
    const type = (property?.type ?? property) as { name?: string } | null;
    const given = query[name];
    if (given !== undefined) return [name, type?.name === 'Number' ? Number(given) : given];
    return [name, property?.value ?? EMPTY[type?.name ?? ''] ?? null];
  });
  return JSON.parse(JSON.stringify({ ...Object.fromEntries(values), ...data })) as Record<string, Any>;
}

/** The value of a property of each type where nothing else is said. */
const EMPTY: Record<string, unknown> = { String: '', Number: 0, Boolean: false, Array: [], Object: null };
