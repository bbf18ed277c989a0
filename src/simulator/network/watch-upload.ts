import type { Env } from '../host/env';
import type { Upload } from '../types';

/** An upload that somebody looks on. */
export interface WatchedUpload {
  /** @param sent - bytes so far; all of them where it is done */
  tell(state: 'running' | 'done' | 'failed', sent?: number): void;
}

const counts = new WeakMap<Env, number>();

/** Tells whoever watches the host that an upload has started, and the rest by what is returned. */
export function watchUpload(env: Env, via: Upload['via'], total: number): WatchedUpload | undefined {
  const { watch } = env.machine;
  if (!watch) return undefined;
  const id = (counts.get(env) ?? 0) + 1;
  counts.set(env, id);
  let soFar = 0;
  const tell: WatchedUpload['tell'] = (state, sent = state === 'done' ? total : soFar) => {
    soFar = sent;
    watch({ type: 'upload', id, via, state, sent, total });
  };
  tell('running', 0);
  return { tell };
}
