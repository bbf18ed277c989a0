import type * as GlassEasel from 'glass-easel';
import type { Env } from '../../../simulator/host/env';
import type { Screen } from '../../../simulator/host/machine';
import { createView } from '../../../simulator/kit/view';
import type { View } from '../../../simulator/kit/view';
import type { OpenPage } from '../../../simulator/pages/page';
import type { Any } from '../../../simulator/types';
import { documentContext } from './elements';
import { BASE_STYLES, toCss } from './styles';

export interface ScreenOptions {
  /** Folder of app.json. */
  root: string;
  /** Text of a file of the mini-program. */
  read(path: string): string | undefined;
  /** A text in the language of the page. */
  backLabel: string;
  /** Is called when another page has come on top and is rendered. */
  onPage(path: string, title: string): void;
}

interface ShownPage {
  view: View;
  element: HTMLElement;
  style: HTMLStyleElement;
}

/** The screen of the phone: the document of the frame, with the page on top, its title and the tabs. */
export class PhoneScreen implements Screen {
  private readonly shown = new Map<OpenPage, ShownPage>();
  private readonly bar = document.createElement('header');
  private readonly pages = document.createElement('main');
  private readonly tabs = document.createElement('nav');
  private readonly config: Any;
  private context?: GlassEasel.GeneralBackendContext;
  private top?: OpenPage;
  private env?: Env;

  constructor(private readonly options: ScreenOptions) {
    this.config = this.json('app.json');
    const style = document.createElement('style');
    style.textContent = BASE_STYLES + this.sheet('app.wxss');
    document.head.append(style);
    this.bar.className = 'wx-bar';
    this.pages.className = 'wx-pages';
    this.tabs.className = 'wx-tabs';
    document.body.append(this.bar, this.pages, this.tabs);
  }

  turn(env: Env, pages: readonly OpenPage[]): void {
    this.env = env;
    for (const [page, { element, style }] of this.shown) {
      if (pages.includes(page)) continue;
      element.remove();
      style.remove();
      this.shown.delete(page);
    }
    const top = pages[pages.length - 1];
    if (!top) return;
    const { element } = this.shown.get(top) ?? this.add(env, top);
    for (const other of this.shown.values()) other.element.hidden = other.element !== element;
    if (top === this.top) return;
    this.top = top;
    this.frame(top, pages.length);
  }

  update(page: OpenPage): void {
    this.shown.get(page)?.view.update();
  }

  private add(env: Env, page: OpenPage): ShownPage {
    const view = createView(env, page, this.options.root, (library) => this.contextOf(env, library));
    const element = document.createElement('div');
    element.className = 'wx-page';
    element.append(view.element as HTMLElement);
    this.pages.append(element);
    const style = document.createElement('style');
    style.textContent = this.sheet(`${page.path}.wxss`);
    document.head.append(style);
    const shown = { view, element, style };
    this.shown.set(page, shown);
    return shown;
  }

  /** One for all pages: it listens to the whole document. */
  private contextOf(env: Env, library: typeof GlassEasel): GlassEasel.GeneralBackendContext {
    this.context ??= documentContext(library, (path) => {
      try {
        return env.files.read(path);
      } catch {
        return undefined;
      }
    });
    return this.context;
  }

  /** Title and tabs of the page on top. */
  private frame(page: OpenPage, depth: number): void {
    const window = { ...this.config.window, ...this.json(`${page.path}.json`) } as Record<string, string>;
    const title = window.navigationBarTitleText ?? '';
    const heading = document.createElement('h1');
    heading.textContent = title;
    this.bar.replaceChildren(heading);
    this.bar.style.background = window.navigationBarBackgroundColor ?? '';
    this.bar.style.color = window.navigationBarTextStyle === 'white' ? '#fff' : '#000';
    if (depth > 1) this.bar.append(this.button('‹', () => this.call('navigateBack', {}), 'wx-back'));
    const list = (this.config.tabBar?.list ?? []) as { pagePath: string; text: string }[];
    const isTab = list.some(({ pagePath }) => pagePath === page.path);
    this.tabs.replaceChildren(
      ...(isTab ? list : []).map(({ pagePath, text }) => {
        const tab = this.button(text, () => this.call('switchTab', { url: `/${pagePath}` }));
        if (pagePath === page.path) tab.setAttribute('aria-current', 'page');
        return tab;
      }),
    );
    this.options.onPage(page.path, title);
  }

  private button(text: string, press: () => void, className = ''): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    button.className = className;
    if (className === 'wx-back') button.setAttribute('aria-label', this.options.backLabel);
    button.addEventListener('click', press);
    return button;
  }

  /** What the phone's own buttons do is a call of page code's API. */
  private call(api: string, options: object): void {
    this.env?.realm.global.wx[api](options);
  }

  private json(path: string): Any {
    return JSON.parse(this.options.read(path) ?? '{}') as unknown;
  }

  private sheet(path: string): string {
    const { read } = this.options;
    return toCss(read(path) ?? '', (imported) => read(imported.replace(/^\.?\//, '')));
  }
}
