import type { Language, PhoneSettings } from '../engine/types';
import type { Timeline } from './timeline';
import { emptyTimeline } from './timeline';

export type Theme = 'auto' | 'light' | 'dark';
export type ExampleName = 'ocr' | 'progress' | 'long-task' | 'plugin';
export type Panel = 'happenings' | 'bills' | 'code';

/** A picture that the user of the phone chooses. */
export interface Picture {
  name: string;
  bytes: Uint8Array;
  /** For the page's own preview. */
  url: string;
  origin: 'sample' | 'file' | 'pasted';
}

/** Everything that the page shows. */
export interface State {
  language: Language;
  theme: Theme;
  settings: PhoneSettings;
  example: ExampleName;
  /** The mini-program's files, as they are edited. */
  sources: Record<string, string>;
  /** Files that differ from those that are shipped. */
  changed: string[];
  /** Whether another code runs than the one that is shown. */
  isStale: boolean;
  /** The file that the editor shows. */
  file: string;
  panel: Panel;
  picture?: Picture;
  /** Why a picture could not be used. */
  pictureProblem?: string;
  phone: 'starting' | 'ready' | 'failed';
  /** Why the phone could not start. */
  problem?: string;
  timeline: Timeline;
  /** Kinds of happenings that the list leaves out. */
  hidden: string[];
}

export const FIRST_STATE: Omit<State, 'language' | 'theme'> = {
  settings: {
    sdkVersion: '2.8.3',
    platform: 'android',
    channel: 'relay',
    plugin: false,
    network: 'normal',
    bridgeDenied: false,
    billing: 'perMessage',
  },
  example: 'ocr',
  sources: {},
  changed: [],
  isStale: false,
  file: 'miniprogram/pages/ocr/ocr.js',
  panel: 'happenings',
  phone: 'starting',
  timeline: emptyTimeline(),
  hidden: [],
};

export interface Store {
  readonly state: State;
  update(change: Partial<State>): void;
}

/** @param render - is called once for all changes of a frame */
export function createStore(state: State, render: (state: State) => void): Store {
  let waiting = false;
  return {
    get state() {
      return state;
    },
    update(change) {
      state = { ...state, ...change };
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        render(state);
      });
    },
  };
}
