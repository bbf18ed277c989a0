import type { Language, PhoneSettings } from '../engine/types';
import type { ExampleName, Panel, Picture, Theme } from './store';

/** What a user can do on the page. */
export interface Actions {
  /** Whether a real relay and the real services are behind the page. */
  readonly hasServer: boolean;
  /** Whether the window is too narrow to show settings unfolded at first. */
  isNarrow(): boolean;
  setLanguage(language: Language): void;
  setTheme(theme: Theme): void;
  changeSettings(change: Record<string, string | boolean>): void;
  resetSettings(): void;
  usePicture(file: Blob & { name?: string }, origin: Picture['origin']): Promise<void>;
  useSample(): Promise<void>;
  useExample(example: ExampleName): void;
  showPanel(panel: Panel): void;
  openFile(path: string): void;
  /** Of the file that is open. */
  edit(source: string): void;
  undoEdits(): void;
  /** A new phone, with the code as it is now. */
  restart(): Promise<void>;
  /** Aborts the call that runs. */
  abort(): void;
  clear(): void;
  toggleKind(kind: string): void;
}

/** Settings that a running phone takes on; the others want a new one. */
export const LIVE: (keyof PhoneSettings)[] = ['network', 'bridgeDenied', 'billing'];
