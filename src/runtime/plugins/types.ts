/** One entry of a policy's list: what a plugin may call. The first entry that fits a call decides. */
export interface PluginRule {
  /** The provider's appid. */
  service: string;
  /** The provider's interface. @default every interface of the service */
  api?: string;
  /** Calls within any 60 seconds, 0 to 6000; 0 permits none. @default no limit */
  perMinute?: number;
}

/** What a policy's function is asked about. */
export interface PluginQuestion {
  /** The plugin's name in app.json. */
  plugin: string;
  service: unknown;
  api: unknown;
}

/** What a plugin may call at the host's expense; a function answers true to permit. */
export type PluginPolicy = 'all' | PluginRule[] | ((question: PluginQuestion) => boolean | Promise<boolean>);

/** One routed call, after its end. For `getAsyncResult`, which costs nothing, `service` and `api` are absent. */
export interface PluginCall extends PluginQuestion {
  method: 'invokeService' | 'getAsyncResult';
  /** `refused`: by the policy, or for a file that is not the plugin's to upload. */
  outcome: 'ok' | 'fail' | 'refused';
  /** Milliseconds from the call to its end. */
  ms: number;
}

export interface PluginConnection {
  /** The plugin's name in app.json. */
  name: string;
  /** What `requirePlugin(name)` returned. */
  plugin: unknown;
  /** @default the policy given earlier or in servicemarket.config.json, otherwise `'all'` */
  policy?: PluginPolicy;
}

/** Settings of the host side in `configure()` and servicemarket.config.json. */
export interface PluginConfiguration {
  /** By the plugin's name. */
  plugins?: { [name: string]: PluginPolicy };
  /** Told of every routed call; only in code. */
  onPluginCall?: (call: PluginCall) => void;
}

/** Ends a routed call, as `abort()` does. */
export type Stop = () => void;

/**
 * Answers a routed call.
 *
 * @param kind - `ok` with the result, `fail` with the error's fields, any number of `progress` before
 * @param text - the value as JSON text
 */
export type Reply = (kind: 'ok' | 'fail' | 'progress', text: string) => void;

/**
 * All that a plugin gets of its host: one function. It is a format between packages that are released apart:
 * later versions add to it and never change it.
 *
 * @param method - `invokeService` or `getAsyncResult`
 * @param options - the call's options without `data`, as JSON text; none where the plugin gave none
 * @param data - the payload as JSON text; a text in it that is `token` and a number stands for that content
 * @param contents - an ArrayBuffer, `t` and a text, `f` and a file's path, or 0 for what is none of these
 */
export type Send = (
  method: string,
  options: string | undefined,
  reply: Reply,
  data: string | undefined,
  token: string,
  ...contents: Content[]
) => Stop | undefined;

export type Content = ArrayBuffer | string | 0;
