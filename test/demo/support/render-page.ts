import { join } from 'node:path';
import { load, render } from 'miniprogram-simulate';
import { cleanUpAfterTest } from '../../support/cleanup';

const MINIPROGRAM = join(__dirname, '../../../demo-miniprogram/miniprogram');

/** What the tests use of a rendered node. */
interface Node {
  dom: HTMLElement;
  dispatchEvent(name: string, options?: object): void;
}

export interface RenderedPage {
  data: Record<string, unknown>;
  /** Taps the first node that the selector finds, through the node's own listeners. */
  tap(selector: string): Promise<void>;
  /** Types a text into the input that the selector finds. */
  type(selector: string, value: string): Promise<void>;
  /** The text of every node that the selector finds. */
  texts(selector: string): string[];
  exists(selector: string): boolean;
}

/** Lets the renderer's promise chains run: each step of an event is one microtask. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/**
 * Loads a page of the demo project. miniprogram-simulate renders components only, so `Page` becomes a component
 * whose methods are the page's.
 *
 * @param path - for example `pages/ocr/ocr`
 * @returns a function that renders a new instance
 */
export function loadPage(path: string): () => RenderedPage {
  const scope = globalThis as typeof globalThis & { Page: unknown; Component(options: object): void };
  scope.Page = ({ data, ...methods }: { data: object }) => scope.Component({ data, methods });
  const id = load(join(MINIPROGRAM, path), 'page', { compiler: 'simulate', rootPath: MINIPROGRAM });
  return () => renderPage(id);
}

function renderPage(id: string): RenderedPage {
  const root = render(id);
  root.attach(document.body);
  cleanUpAfterTest(() => root.detach());
  const find = (selector: string): Node => {
    const node = root.querySelector(selector);
    if (!node)
      throw new Error(
        `Failed to find ${selector} on the page: it is not shown. Shown: ${root.dom?.textContent}`,
      );
    return node as Node;
  };
  return {
    get data() {
      return root.data as Record<string, unknown>;
    },
    async tap(selector) {
      const node = find(selector);
      node.dispatchEvent('touchstart');
      await settle();
      node.dispatchEvent('touchend');
      await settle();
    },
    async type(selector, value) {
      find(selector).dispatchEvent('input', { detail: { value } });
      await settle();
    },
    texts: (selector) => root.querySelectorAll(selector).map((node) => (node.dom?.textContent ?? '').trim()),
    exists: (selector) => root.querySelector(selector) !== undefined,
  };
}
