import type * as GlassEasel from 'glass-easel';
import type { TmplGroup } from 'glass-easel-template-compiler';
import type { Env } from '../host/env';
import type { OpenPage } from '../pages/page';
import { toRealm } from '../realm/realm';
import type { Any } from '../types';
import { compileWxml } from './wxml';
import type { CompiledTemplate } from './wxml';

export type ViewNode = GlassEasel.Element;
type Event = GlassEasel.ShadowedEvent<unknown>;

/** Events that go up from the element where they happen; those of components stay where they are. */
const BUBBLING = /^(tap|long(press|tap)|touch\w+|transitionend|animation\w+)$/;

const PACKAGES = ['glass-easel', 'glass-easel-template-compiler'] as const;

/** What a page shows: its own WXML, rendered into a document or into none. Custom components stand as plain elements. */
export class View {
  /** The document's element that holds the page. */
  readonly element: unknown;
  private readonly root: GlassEasel.ShadowRoot;
  private readonly component: GlassEasel.GeneralComponent;
  /** What each handler of the event that `dispatch` now runs returned or threw; undefined where the document runs one. */
  private ran?: (() => unknown)[];

  constructor(
    private readonly env: Env,
    private readonly page: OpenPage,
    private readonly library: typeof GlassEasel,
    template: CompiledTemplate,
    context: GlassEasel.GeneralBackendContext,
  ) {
    const definition = new library.ComponentSpace().defineComponent({
      is: page.path,
      data: copied(page.shown),
      options: { useMethodCallerListeners: true },
      template,
    } as Any);
    this.component = library.Component.createWithContext('page', definition as Any, context) as Any;
    this.component.setMethodCaller(this.handlers() as Any);
    library.Element.pretendAttached(this.component as Any);
    // An element of the context's document; without one it has none.
    this.element = this.component.getBackendElement() as unknown;
    this.root = this.component.getShadowRoot() as GlassEasel.ShadowRoot;
  }

  /** Around everything that the page shows. */
  get top(): ViewNode {
    return this.root as ViewNode;
  }

  /** Shows the page's data as it is now. */
  update(): void {
    this.component.setData(copied(this.page.shown) as Any);
  }

  /** The elements that a selector finds now, in their order. */
  select(selector: string): ViewNode[] {
    this.update();
    return this.root.querySelectorAll(selector) as ViewNode[];
  }

  /**
   * An event of an element, as the platform dispatches it.
   *
   * @returns what each handler returned that was called for it
   * @throws what the first of them threw
   */
  dispatch(element: ViewNode, type: string, detail: unknown): unknown[] {
    const ran = (this.ran = []) as (() => unknown)[];
    const isBubbling = BUBBLING.test(type);
    const options = { bubbles: isBubbling, composed: isBubbling, capturePhase: true };
    const event = new this.library.Event(type, copied(detail) as Any, options);
    this.library.Event.dispatchEvent(element as Any, event as Any);
    this.ran = undefined;
    return ran.map((outcome) => outcome());
  }

  /** Where the renderer looks handlers up by the names in the template: each is the page's function at that time. */
  private handlers(): object {
    const handler = (name: PropertyKey) => (event: Any) => this.handle(String(name), event as Event);
    return new Proxy(
      {},
      {
        get: (_, name) => handler(name),
        getOwnPropertyDescriptor: (_, name) => ({ configurable: true, value: handler(name) }),
      },
    );
  }

  /** Calls a handler of the page. @returns what it returned. @throws what it threw */
  private callHandler(name: string, event: object): unknown {
    const handler = this.page.instance[name] as Any;
    if (typeof handler !== 'function') {
      throw new Error(`${this.page.path} has no method "${name}" for its template.`);
    }
    return handler.call(this.page.instance, toRealm(this.env.realm, event)) as unknown;
  }

  /** The renderer would only log what a handler throws, so that it is kept for `dispatch`, or reported. */
  private handle(name: string, event: Event): void {
    const { type, detail, mark, target, currentTarget } = event;
    const seen = {
      type,
      timeStamp: this.env.clock.now(),
      target: targetOf(target as Any),
      currentTarget: targetOf(currentTarget as Any),
      mark: copied(mark),
      detail: copied(detail),
      touches: [],
      changedTouches: [],
    };
    try {
      const returned = this.callHandler(name, seen) as unknown;
      this.ran?.push(() => returned);
    } catch (error) {
      if (!this.ran) return this.env.report(error);
      this.ran.push(() => {
        throw error;
      });
    }
  }
}

/**
 * The view of a page.
 *
 * @param makeContext - of the document that it is rendered into. @default none
 * @throws Error where the renderer is not installed, or the WXML has a mistake
 */
export function createView(
  env: Env,
  page: OpenPage,
  root: string,
  makeContext = (library: typeof GlassEasel): GlassEasel.GeneralBackendContext =>
    new library.EmptyBackendContext(),
): View {
  const { machine } = env;
  let library, compiler;
  try {
    library = machine.loadPackage('glass-easel') as typeof GlassEasel;
    compiler = machine.loadPackage('glass-easel-template-compiler') as { TmplGroup: new () => TmplGroup };
  } catch (cause) {
    throw new Error(
      `${PACKAGES.join(' and ')} are not installed: run npm install --save-dev ${PACKAGES.join(' ')}`,
      { cause },
    );
  }
  return new View(env, page, library, compileWxml(machine, compiler, root, page.path), makeContext(library));
}

/** What handlers see of an element. */
function targetOf({ id, dataset }: ViewNode & { dataset: unknown }): object {
  return { id, dataset: copied(dataset ?? {}), offsetLeft: 0, offsetTop: 0 };
}

/** Only JSON crosses between page and view. */
const copied = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));
