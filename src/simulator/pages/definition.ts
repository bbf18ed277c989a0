import type { Any } from '../types';

/** The stages of a page that is written as a component, in their order. */
export type Stage = 'created' | 'attached' | 'ready' | 'detached';
type Listeners<K extends string> = Record<K, ((...args: unknown[]) => unknown)[]>;

/** What a page's file says of it, by `Page()` or `Component()`. */
export interface PageDefinition {
  /** Functions and fields of its own. */
  members: Record<string, Any>;
  data: Record<string, unknown>;
  /** Types and defaults of a component's properties, by name. */
  properties: Record<string, Any>;
  lifetimes: Listeners<Stage>;
  pageLifetimes: Listeners<'show' | 'hide'>;
  /** By the paths that they watch. */
  observers: [fields: string, listener: (...args: unknown[]) => unknown][];
}

const STAGES: Stage[] = ['created', 'attached', 'ready', 'detached'];

/** Options that this host cannot honour: code that needs them would fail later, and less clearly. */
const NOT_HERE = ['relations', 'definitionFilter', 'export'];

/** The argument of `Page()`. */
export function pageDefinition(options: Any, path: string): PageDefinition {
  const { data, behaviors, ...members } = (options ?? {}) as Record<string, Any>;
  return withBehaviors({ ...empty(), members, data: data ?? {} }, behaviors, path);
}

/** The argument of `Component()` in a page's file. */
export function componentDefinition(options: Any, path: string): PageDefinition {
  return withBehaviors(ownDefinition(options ?? {}, path), options?.behaviors, path);
}

function ownDefinition(options: Any, path: string): PageDefinition {
  const missing = NOT_HERE.find((name) => options[name] !== undefined);
  if (missing) {
    throw new Error(
      `Failed to define ${path}: the simulator has no '${missing}' of components. Test this page in the developer tools.`,
    );
  }
  const { lifetimes = {}, pageLifetimes = {}, observers = {} } = options as Record<string, Any>;
  const listeners = (table: Any, name: string): Any[] => (table[name] ? [table[name]] : []);
  return {
    members: options.methods ?? {},
    data: options.data ?? {},
    properties: options.properties ?? {},
    // `lifetimes` has precedence over the same functions beside it.
    lifetimes: Object.fromEntries(
      STAGES.map((stage) => [stage, listeners({ ...options, ...lifetimes }, stage)]),
    ) as PageDefinition['lifetimes'],
    pageLifetimes: { show: listeners(pageLifetimes, 'show'), hide: listeners(pageLifetimes, 'hide') },
    observers: Object.entries(observers as Record<string, Any>),
  };
}

/** What behaviors bring goes before what the page has itself; of the same name the page's own holds. */
function withBehaviors(own: PageDefinition, behaviors: unknown, path: string): PageDefinition {
  const merged = empty();
  const known = Array.from((behaviors ?? []) as ArrayLike<unknown>).filter((one) => typeof one === 'object');
  for (const part of [...known.map((one) => componentDefinition(one, path)), own]) {
    Object.assign(merged.members, part.members);
    Object.assign(merged.data, part.data);
    Object.assign(merged.properties, part.properties);
    for (const stage of STAGES) merged.lifetimes[stage].push(...part.lifetimes[stage]);
    merged.pageLifetimes.show.push(...part.pageLifetimes.show);
    merged.pageLifetimes.hide.push(...part.pageLifetimes.hide);
    merged.observers.push(...part.observers);
  }
  return merged;
}

const empty = (): PageDefinition => ({
  members: {},
  data: {},
  properties: {},
  lifetimes: { created: [], attached: [], ready: [], detached: [] },
  pageLifetimes: { show: [], hide: [] },
  observers: [],
});
