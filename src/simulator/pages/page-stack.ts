import type { Env } from '../host/env';
import type { PageDefinition } from './definition';
import { OpenPage } from './page';

/** The open pages of an app, the one on top last. */
export class PageStack {
  private readonly open: OpenPage[] = [];
  /** Finds a page of the app, or undefined; set by the app that runs. */
  find: (path: string) => PageDefinition | undefined = () => undefined;
  /** Paths of the pages that the tab bar shows. */
  tabs: string[] = [];

  constructor(private readonly env: Env) {}

  get pages(): readonly OpenPage[] {
    return this.open;
  }

  get top(): OpenPage | undefined {
    return this.open[this.open.length - 1];
  }

  /**
   * Puts a page on top of the others: onHide of the one below, then onLoad, onShow and onReady.
   *
   * @param prepare - is called with the page before its code runs
   */
  push(
    path: string,
    definition: PageDefinition,
    query: Record<string, string>,
    prepare?: (page: OpenPage) => void,
  ): OpenPage {
    this.top?.turn('hide');
    const page = new OpenPage(this.env, definition, path, query);
    this.open.push(page);
    prepare?.(page);
    this.show();
    page.stage('created');
    page.stage('attached');
    page.tell('onLoad', query);
    page.turn('show');
    page.stage('ready');
    page.tell('onReady');
    return page;
  }

  /** Closes so many pages from the top; the one below is not shown yet. */
  drop(count: number): void {
    for (const page of this.open.splice(Math.max(0, this.open.length - count)).reverse()) {
      page.tell('onUnload');
      page.stage('detached');
    }
    this.show();
  }

  private show(): void {
    this.env.machine.screen?.turn(this.env, this.open);
  }
}
