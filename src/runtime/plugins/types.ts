/** 策略的一项：插件可以调用什么；第一个符合的生效 · One entry of a policy's list: the first one that fits a call decides */
export interface PluginRule {
  /** 服务提供商 ID · The provider's appid */
  service: string;
  /** 服务 API 名，默认该服务的全部 · The provider's interface. @default every interface of the service */
  api?: string;
  /** 任意 60 秒内的次数，0 到 6000 · Calls within any 60 seconds, 0 to 6000; 0 permits none. @default no limit */
  perMinute?: number;
}

/** 策略函数的参数 · What a policy's function is asked about */
export interface PluginQuestion {
  /** 插件在 app.json 中的名称 · The plugin's name in app.json */
  plugin: string;
  service: unknown;
  api: unknown;
}

/** 插件可以消耗宿主资源调用什么；函数返回 true 即允许 · What a plugin may call at the host's expense; a function answers true to permit */
export type PluginPolicy = 'all' | PluginRule[] | ((question: PluginQuestion) => boolean | Promise<boolean>);

/** 插件的一次调用，结束之后 · One routed call, after its end. For `getAsyncResult`, which costs nothing, `service` and `api` are absent */
export interface PluginCall extends PluginQuestion {
  method: 'invokeService' | 'getAsyncResult';
  /** `refused`：被策略拒绝，或文件不属于插件 · By the policy, or for a file that is not the plugin's to upload */
  outcome: 'ok' | 'fail' | 'refused';
  /** 用时，毫秒 · Milliseconds from the call to its end */
  ms: number;
}

export interface PluginConnection {
  /** 插件在 app.json 中的名称 · The plugin's name in app.json */
  name: string;
  /** `requirePlugin(name)` 的返回值 · What `requirePlugin(name)` returned */
  plugin: unknown;
  /** 默认为之前或配置中的策略，否则 `'all'` · @default the policy given earlier or in servicemarket.config.json, otherwise `'all'` */
  policy?: PluginPolicy;
}

/** 宿主一侧的配置 · Settings of the host side in `configure()` and servicemarket.config.json */
export interface PluginConfiguration {
  /** 按插件名称的策略 · By the plugin's name */
  plugins?: { [name: string]: PluginPolicy };
  /** 插件的每次调用结束后执行；只能在代码中设置 · Called after every routed call; only in code */
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
