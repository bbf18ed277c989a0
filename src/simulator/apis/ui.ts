import type { Env } from '../host/env';
import { asyncApi } from './callbacks';

const SILENT = [
  'showToast',
  'hideToast',
  'showLoading',
  'hideLoading',
  'showNavigationBarLoading',
  'hideNavigationBarLoading',
  'setNavigationBarTitle',
  'stopPullDownRefresh',
  'pageScrollTo',
  'setClipboardData',
];

/** What is only shown: recorded as native calls, and answered at once. The user confirms every question. */
export function uiApis(env: Env): Record<string, unknown> {
  const table = SILENT.map((name) => [name, asyncApi(env, name, () => ({ perform: () => ({}) }))] as const);
  return {
    ...Object.fromEntries(table),
    showModal: asyncApi(env, 'showModal', () => ({ perform: () => ({ confirm: true, cancel: false }) })),
    showActionSheet: asyncApi(env, 'showActionSheet', () => ({ perform: () => ({ tapIndex: 0 }) })),
  };
}
