import type { Env } from '../host/env';
import type { OpenPage } from '../pages/page';
import { toRealm } from '../realm/realm';
import type { Any, TestPage, ViewElement } from '../types';
import { isThenable } from './actions';
import type { Actions } from './actions';
import { attributeOf, closest, describeElement, inside, isOn, selectorsOf } from './elements';
import { fromRealm } from './from-realm';
import { createView } from './view';
import type { View, ViewNode } from './view';
import { MODEL_ATTRIBUTE, writtenHandler } from './wxml';

/** An open page as a test has it: it acts as a user does, and its functions can be called. */
export class PageHandle {
  private view?: View;
  /** What was typed into inputs, which templates learn only from page code. */
  private readonly typed = new WeakMap<ViewNode, unknown>();

  constructor(
    private readonly env: Env,
    private readonly actions: Actions,
    private readonly page: OpenPage,
    private readonly root: string,
  ) {}

  /** The handle with the page's own members beside those of the test kit, which come first. */
  withMembers(): TestPage {
    const { instance, path, query } = this.page;
    const { realm } = this.env;
    const own: Record<PropertyKey, unknown> = {
      instance: instance as unknown,
      path,
      query,
      tap: (selector: string, detail?: object) => this.act(selector, 'tap', detail),
      trigger: (selector: string, type: string, detail?: object) => this.act(selector, type, detail),
      input: (selector: string, value: string) => this.input(selector, value),
      find: (selector: string) => this.find(selector),
      findAll: (selector: string) => this.findAll(selector),
    };
    return new Proxy(own, {
      get: (_own, name) => (name in own ? own[name] : this.member(name)),
      has: (_own, name) => name in own || name in (instance as object),
      set: (_own, name, value) => Reflect.set(instance as object, name, toRealm(realm, value)),
    }) as unknown as TestPage;
  }

  /** A member of the page; what a function of it returns is this side's, and a promise of it moves time. */
  private member(name: PropertyKey): unknown {
    const { realm } = this.env;
    const value = Reflect.get(this.page.instance as object, name) as Any;
    if (typeof value !== 'function') return fromRealm(realm, value) as unknown;
    return (...args: unknown[]): unknown => {
      let returned: unknown;
      try {
        returned = value.apply(
          this.page.instance,
          args.map((arg) => toRealm(realm, arg) as unknown),
        );
      } catch (error) {
        throw fromRealm(realm, error);
      }
      return isThenable(returned) ? this.actions.driven(returned) : (fromRealm(realm, returned) as unknown);
    };
  }

  private async act(selector: string, type: string, detail: object = {}): Promise<void> {
    await this.actions.perform(`${type} ${selector}`, () => {
      const node = this.demand(selector, type);
      // The platform's button swallows the tap of a disabled one.
      const button = closest(node, 'button');
      if (type === 'tap' && button && isOn(button, 'disabled')) return undefined;
      const returned = this.open().dispatch(node, type, detail);
      const isDone = type === 'tap' && this.doDefault(node, returned);
      if (returned.length === 0 && !isDone) throw this.failure(selector, type, 'nothing there listens to it');
      return Promise.all(returned);
    });
  }

  private async input(selector: string, value: string): Promise<void> {
    await this.actions.perform(`input ${selector}`, () => {
      const node = this.demand(selector, 'input');
      this.typed.set(node, value);
      const path = attributeOf(node, MODEL_ATTRIBUTE) as string | undefined;
      if (path) this.page.instance.setData({ [path]: value });
      const returned = this.open().dispatch(node, 'input', { value, cursor: value.length });
      if (returned.length === 0 && !path && !closest(node, 'form')) {
        throw this.failure(selector, 'input', 'nothing there listens to it');
      }
      return Promise.all(returned);
    });
  }

  /** What a tap does beside calling handlers. @returns whether it did anything; handlers' returns join `returned` */
  private doDefault(node: ViewNode, returned: unknown[]): boolean {
    const navigator = closest(node, 'navigator');
    const url = navigator && (attributeOf(navigator, 'url') as string | undefined);
    const move = (navigator && (attributeOf(navigator, 'open-type') as string | undefined)) ?? 'navigate';
    if (navigator && (url || move === 'navigateBack')) {
      const api =
        ({ navigate: 'navigateTo', redirect: 'redirectTo' } as Record<string, string>)[move] ?? move;
      this.env.realm.global.wx[api]({ url, delta: attributeOf(navigator, 'delta') ?? 1 });
      return true;
    }
    const form = closest(node, 'form');
    const button = closest(node, 'button');
    const formType = button && attributeOf(button, 'form-type');
    if (!form || (formType !== 'submit' && formType !== 'reset')) return false;
    returned.push(...this.open().dispatch(form, formType, { value: this.valuesOf(form) }));
    return true;
  }

  private valuesOf(form: ViewNode): Record<string, unknown> {
    const named = inside(form).filter((node) => attributeOf(node, 'name') !== undefined);
    return Object.fromEntries(
      named.map((node) => [
        attributeOf(node, 'name') as string,
        this.typed.get(node) ?? attributeOf(node, 'value') ?? '',
      ]),
    );
  }

  private find(selector: string): ViewElement {
    return describeElement(this.demand(selector, 'find'));
  }

  private findAll(selector: string): ViewElement[] {
    return this.open().select(selector).map(describeElement);
  }

  /** @throws Error that says what is shown, and which handler the template calls there */
  private demand(selector: string, type: string): ViewNode {
    let view;
    try {
      view = this.open();
    } catch (error) {
      throw this.failure(selector, type, (error as Error).message, error);
    }
    const [node] = view.select(selector);
    if (node) return node;
    const shown = selectorsOf(view.top);
    const list = shown.length > 0 ? `Shown are ${shown.join(', ')}` : 'No element has an id or a class';
    throw this.failure(selector, type, `${this.page.path} shows no such element. ${list}`);
  }

  private open(): View {
    this.view ??= createView(this.env, this.page, this.root);
    return this.view;
  }

  private failure(selector: string, type: string, why: string, cause?: unknown): Error {
    const { files } = this.env.machine;
    const file = files.resolve(this.root, `${this.page.path}.wxml`);
    const handler = files.exists(file) ? writtenHandler(files.read(file), selector, type) : undefined;
    const otherwise = handler ? ` Or call what it calls: await page.${handler}(…).` : '';
    return new Error(`Failed to ${type} ${selector}: ${why}.${otherwise}`, { cause });
  }
}
