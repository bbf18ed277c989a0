import type { Any } from '../types';

export interface CloudOptions {
  /** Environments that exist; the first is the default of `wx.cloud.init()`. @default ['env-1'] */
  envs?: string[];
  /** Cloud functions by name, in every environment. */
  functions?: Record<string, CloudFunction>;
  /** What CloudIDs stand for: the open data by CloudID. */
  openData?: Record<string, unknown>;
  /** Who the user is. @default 'openid-cloud' */
  openid?: string;
  /** ms that a cloud function may run. @default 20000 */
  timeLimit?: number;
}

/** What a cloud function knows about its call (`getWXContext`). */
export interface CloudContext {
  OPENID: string;
  APPID: string;
  ENV: string;
  /** Host time in ms. */
  now(): number;
  /** Waits in host time. */
  sleep(ms: number): Promise<void>;
}

/** Is called with a JSON copy of the page's `data`; returns any JSON value. */
export type CloudFunction = (event: Any, context: CloudContext) => unknown;

export interface CloudFile {
  fileID: string;
  env: string;
  cloudPath: string;
  bytes: Uint8Array;
  at: number;
}

/** The cloud behind `wx.cloud`. */
export interface Cloud {
  files: CloudFile[];
  /** Every call of a function: its event and, once it is done, its result or error. */
  invocations: { at: number; env: string; name: string; event: Any; result?: Any; error?: string }[];
  define(name: string, run: CloudFunction): void;
  read(fileID: string): Uint8Array | undefined;
  /** A link that providers and pages can fetch. @throws Error when there is no such file */
  tempUrl(fileID: string): string;
  remove(fileID: string): boolean;
}
