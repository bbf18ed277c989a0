import type * as GlassEasel from 'glass-easel';
import { elementName } from './styles';

/** The bytes of a file of the mini-program, or of the phone. */
export type ReadPicture = (path: string) => Uint8Array | undefined;

/** The element of the renderer that one of the document stands for. */
type Rendered = HTMLElement & { __wxElement?: GlassEasel.Element };

/** `mode` of an image, as `object-fit`. */
const FIT: Record<string, string> = { aspectFit: 'contain', aspectFill: 'cover', scaleToFill: 'fill' };

/**
 * A document for the renderer in which the elements of WXML are what a browser knows: real buttons and pictures, and
 * what can be tapped can be reached and pressed by keyboard.
 */
export function documentContext(
  library: typeof GlassEasel,
  readPicture: ReadPicture,
): GlassEasel.GeneralBackendContext {
  const context = new library.CurrentWindowBackendContext();
  const own = context as unknown as {
    document: { createElement(tag: string): HTMLElement };
    setListenerStats(element: Rendered, type: string, ...rest: unknown[]): void;
  };
  const { createElement, createTextNode, createDocumentFragment } = boundTo(document);
  own.document = {
    createTextNode,
    createDocumentFragment,
    createElement: (tag: string) => dressed(createElement(elementName(tag)), tag, readPicture),
  } as typeof own.document;

  const listen = own.setListenerStats.bind(context);
  own.setListenerStats = (element, type, ...rest) => {
    if (type === 'tap') makePressable(element);
    // Taps and touches come from the whole document; typing comes from the element.
    listen(element, type, ...rest);
  };
  context.onEvent((target, type, detail, options) => {
    const { originalEvent } = options as { originalEvent?: Event };
    const event = new library.Event(type, detailOf(type, detail, originalEvent) as never, {
      bubbles: type === 'tap' || /^touch|^long/.test(type),
      composed: true,
      capturePhase: true,
    });
    if (type === 'tap' && originalEvent && isInDisabled(originalEvent.target)) return undefined;
    library.Event.dispatchEvent(target, event as never);
    return undefined;
  });
  // A key or a screen reader presses a button without any mouse.
  document.addEventListener('click', (event) => {
    if (event.detail !== 0) return;
    const element = renderedAt(event.target);
    if (!element || isInDisabled(event.target)) return;
    const tap = new library.Event('tap', {} as never, { bubbles: true, composed: true, capturePhase: true });
    library.Event.dispatchEvent(element, tap as never);
  });
  return context as unknown as GlassEasel.GeneralBackendContext;
}

function boundTo(owner: Document) {
  return {
    createElement: (tag: string): HTMLElement => owner.createElement(tag),
    createTextNode: (text: string): Text => owner.createTextNode(text),
    createDocumentFragment: (): DocumentFragment => owner.createDocumentFragment(),
  };
}

function dressed(element: HTMLElement, tag: string, readPicture: ReadPicture): HTMLElement {
  if (element instanceof HTMLButtonElement) element.type = 'button';
  if (element instanceof HTMLImageElement) {
    element.alt = '';
    const set = element.setAttribute.bind(element);
    element.setAttribute = (name: string, value: string) => {
      if (name === 'src') showPicture(element, readPicture(value));
      else if (name === 'mode') element.style.objectFit = FIT[value] ?? 'contain';
      else set(name, value);
    };
  }
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement) {
    const set = element.setAttribute.bind(element);
    element.setAttribute = (name: string, value: string) => {
      if (name === 'value') {
        if (element.value !== value) element.value = value;
        return;
      }
      // The platform's -1 stands for no limit, which a browser refuses.
      if (name === 'maxlength' && Number(value) < 0) return;
      set(name, value);
      if (name === 'placeholder') set('aria-label', value);
    };
  }
  if (tag === 'navigator') element.setAttribute('href', '#');
  return element;
}

function showPicture(element: HTMLImageElement, bytes: Uint8Array | undefined): void {
  if (element.src) URL.revokeObjectURL(element.src);
  if (bytes) element.src = URL.createObjectURL(new Blob([new Uint8Array(bytes)]));
  else element.removeAttribute('src');
}

/** Buttons and fields are pressable by themselves. */
function makePressable(element: Rendered): void {
  if (/^(BUTTON|A|INPUT|TEXTAREA)$/.test(element.tagName)) return;
  element.setAttribute('role', 'button');
  element.tabIndex = 0;
  element.addEventListener('keydown', (event) => {
    if (event.target !== element || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    element.click();
  });
}

function renderedAt(node: EventTarget | null): GlassEasel.Element | undefined {
  for (let at = node as Rendered | null; at; at = at.parentElement) {
    if (at.__wxElement) return at.__wxElement;
  }
  return undefined;
}

/** The platform's button swallows the tap of a disabled one. */
const isInDisabled = (node: EventTarget | null): boolean =>
  node instanceof Element && node.closest('button[disabled]') !== null;

/** `detail` as the platform has it. */
function detailOf(type: string, detail: unknown, event: Event | undefined): unknown {
  const field = event?.target;
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
    const { value } = field;
    return type === 'input' ? { value, cursor: field.selectionStart ?? value.length } : { value };
  }
  const { x, y } = Object(detail) as { x?: number; y?: number };
  return x === undefined ? {} : { x, y };
}
