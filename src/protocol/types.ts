/** What the import has besides the platform's members: tasks, waiting, configuration. */
import type { JsonValue } from './data';
import type { AsyncResult } from './service-market';

export interface WaitForResultOptions<R = JsonValue> {
  /** `async: true` 的调用所返回的 `requestId` · From the call with `async: true` */
  requestId: string;
  /**
   * 第二次轮询前的间隔，单位毫秒；每次增加一半，最多为十倍
   *
   * Milliseconds before the second poll; grows by half each time up to ten times
   *
   * @default 1000
   */
  interval?: number;
  /**
   * 等待的时限，单位毫秒；超时以 104 失败
   *
   * Milliseconds until the wait ends with 104
   *
   * @default 86400000, the platform's life of a result
   */
  timeout?: number;
  /** 任务尚未完成时，每次轮询后调用 · Called after each poll that found the task pending */
  onPoll?: (result: AsyncResult<R>) => void;
}

/** `waitForResult` 的结果：任务已完成 · What `waitForResult` resolves to: the task is done */
export interface FinishedResult<R = JsonValue> extends AsyncResult<R> {
  /** 服务的返回值 · The service's answer */
  data: R;
}

export interface Progress {
  /** `upload`：上传 `CDN` 内容；`call`：调用服务 · `upload`: the contents of `CDN`; `call`: the call itself */
  phase: 'upload' | 'call';
  /** 0 到 100 · 0 to 100 */
  progress: number;
  /** 已上传的字节数（所有文件合计） · Bytes sent, over all uploads of the call */
  totalBytesSent: number;
  /** 需要上传的字节数 · Bytes to be sent */
  totalBytesExpectedToSend: number;
}

/**
 * 可以监听进度、可以中断的 Promise，与平台的 UploadTask 同名
 *
 * A promise that can be watched and stopped, named as the platform's UploadTask names it
 */
export interface Task<R> extends Promise<R> {
  /** 中断调用；已发出的请求可能已计费 · Ends the call; what was sent already may be billed */
  abort(): void;
  /** 监听进度 · Calls the listener with every change of the progress */
  onProgressUpdate(listener: (progress: Progress) => void): void;
}

/** 调用所经的通道：平台接口、中转服务器、云函数 · A way to the market: the host's own, an HTTPS relay, a cloud function */
export type ChannelName = 'bridge' | 'relay' | 'cloud';

/** 用户登录中转服务器的凭证 · What a user proves itself to the relay with, for example `{type: 'wx', value: <wx.login code>}` */
export interface Credential {
  type: string;
  value: string;
  /** 多应用中继中，它属于哪个应用 · Of which app it is, where the relay serves several and nothing else says so */
  appid?: string;
}

/** 各项限制 · Every limit of the runtime */
export interface Limits {
  /** 一次调用最多发出的请求数 · Messages of one call: the call itself and its polls. @default 52 */
  messages: number;
  /** 等待一条请求的回包，毫秒 · The wait for the answer to one message, ms. @default 20000 */
  messageTimeout: number;
  /** 丢失后最多再询问几次 · Questions after a loss, per call. @default 2 */
  repeats: number;
  /** 两条请求的最小间隔，毫秒 · The least time between two messages of one call, ms. @default 500 */
  pollInterval: number;
  /** 整个小程序同时进行的传输数 · Transfers in flight in the whole app. @default 10 */
  transfers: number;
  /** 一次上传的时限，毫秒，另加 `uploadRate` 的时间 · For an upload, ms, and for its bytes in addition `uploadRate`. @default 60000 */
  uploadTimeout: number;
  /** 上传的最低速率，字节每秒 · The slowest rate of an upload, bytes per second. @default 20480 */
  uploadRate: number;
  /** 经中转服务器上传的单个文件，字节 · One file over a relay, bytes. @default 20971520 */
  fileBytes: number;
}

/** `configure()` 的参数，也是 servicemarket.config.json 的内容 · Argument of `configure()` and content of servicemarket.config.json */
export interface Configuration {
  /**
   * 可用的通道，按优先顺序
   *
   * The channels that may be used, most wanted first
   *
   * @default bridge, relay, cloud: those that are configured
   */
  channels?: ChannelName[];
  /** 中转服务器；`credential` 只能在代码中设置 · Your relay; `credential` can only be given in code */
  relay?: { url: string; credential?: () => Promise<Credential> };
  /** 云环境和云函数 · Your cloud environment and function */
  cloud?: { env: string; function: string };
  /** 覆盖默认的各项限制 · Overrides of the limits */
  limits?: Partial<Limits>;
  retries?: {
    /**
     * 首条请求丢失后重发，有重复计费的风险
     *
     * Send a first message again after a loss, at the risk of a second bill
     *
     * @default false
     */
    resend?: boolean;
  };
  /**
   * 双方都能承载时：`native` 平台，`shim` 本包
   *
   * Who carries a call that both could: the host's own code where it is able, or always the shim
   */
  prefer?: 'native' | 'shim';
}

/** 一个成员的来源 · Where a member comes from */
export type MemberState = 'native' | 'wrapped' | 'added';

/** `install()` 的结果 · What `install()` did */
export interface Installation {
  members: { invokeService: MemberState; getAsyncResult: MemberState; CDN: MemberState };
  /** 恢复原状 · Puts the host back as it was, where this is still what is installed: `configure({prefer})` installs anew */
  undo(): void;
  /** 无法安装的原因 · Why it cannot work where something was needed: `wx` is frozen, or the host has nothing that could carry a call */
  problem?: string;
}
