// `init` has a file for each kind of text that it edits.
import { appendElement, findMembers, removeElement } from './source-edits';

const TYPINGS = 'miniprogram-servicemarket/typings';

/** Packages that declare `wx`; without one there is nothing to add `serviceMarket` to. */
export const WX_TYPINGS = ['miniprogram-api-typings', '@types/wechat-miniprogram', 'minigame-api-typings'];

/** The file that names the types, where tsconfig.json has no list of them: a list would shut out all others. */
export const REFERENCE_NAME = 'servicemarket.d.ts';
export const REFERENCE = `/// <reference types="${TYPINGS}" />\n`;

/** @returns whether a tsconfig.json lists its types */
export function listsTypes(tsconfig: string): boolean {
  return findMembers(tsconfig, 'types', '[').length > 0;
}

/** Adds the types of `wx.serviceMarket` to the list of a tsconfig.json. */
export function addTypes(tsconfig: string): string {
  const [list] = findMembers(tsconfig, 'types', '[');
  if (!list || tsconfig.includes(TYPINGS)) return tsconfig;
  return appendElement(tsconfig, list, `"${TYPINGS}"`);
}

/** Takes out what {@link addTypes} put in. */
export function removeTypes(tsconfig: string): string {
  return removeElement(tsconfig, `"${TYPINGS}"`);
}
