import type * as GlassEasel from 'glass-easel';
import type { Any, ViewElement } from '../types';
import type { ViewNode } from './view';

/** What a test can look at of an element. */
export function describeElement(node: ViewNode): ViewElement {
  const attributes = node.attributes.map(({ name, value }) => [name, value] as const);
  return {
    tag: (node as Any).is as string,
    id: node.id,
    classes: node.class.split(/\s+/).filter(Boolean),
    dataset: { ...((node as Any).dataset as object) },
    attributes: Object.fromEntries(attributes),
    text: textOf(node),
  };
}

/** The text of an element and of what is in it, without the space around. */
function textOf(node: Any): string {
  const parts = (node.childNodes as Any[]).map((child): string =>
    typeof child.textContent === 'string' && !child.childNodes
      ? (child.textContent as string)
      : textOf(child),
  );
  return parts.join('').trim();
}

/** The element itself or the nearest around it with this tag. */
export function closest(node: ViewNode, tag: string): ViewNode | undefined {
  for (let at: Any = node; at; at = at.parentNode) if (at.is === tag) return at as ViewNode;
  return undefined;
}

/** Whether an attribute is set, as templates set it: alone, or to anything but false. */
export function isOn(node: ViewNode, attribute: string): boolean {
  const value = attributeOf(node, attribute);
  return value !== undefined && value !== null && value !== false && value !== 'false';
}

/** Attributes are written with hyphens or in camel case. */
export function attributeOf(node: ViewNode, name: string): unknown {
  const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const found = node.attributes.find((one) => one.name === name || one.name === camel);
  return found?.value;
}

/** The elements in an element, at any depth. */
export function inside(node: ViewNode): ViewNode[] {
  return ((node as Any).childNodes as GlassEasel.Node[])
    .filter((child) => (child as Any).childNodes)
    .flatMap((child) => [child as ViewNode, ...inside(child as ViewNode)]);
}

/** Ids and classes of the elements in an element, as selectors. */
export function selectorsOf(node: ViewNode): string[] {
  const names = inside(node).flatMap((one) => [
    ...(one.id ? [`#${one.id}`] : []),
    ...(one.class ?? '')
      .split(/\s+/)
      .filter(Boolean)
      .map((name) => `.${name}`),
  ]);
  return [...new Set(names)];
}
