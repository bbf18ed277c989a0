import { NativeFailure } from '../client/natives';
import type { Clock } from '../clock/types';
import type { HttpHandler } from '../network/types';
import { randomWord } from '../text';
import type { Any } from '../types';
import type { Cloud, CloudContext, CloudFile, CloudFunction, CloudOptions } from './types';

/** Where temporary links lead. */
export const CLOUD_ORIGIN = 'https://cloud.simulator.test';

const DEFAULT_TIME_LIMIT_MS = 20000;
const TIMED_OUT = Symbol('timed out');

/** What the cloud says instead of a result; failures.ts makes the Error of it that pages get. */
export function cloudFailure(errCode: number, text: string): NativeFailure {
  return new NativeFailure(text, { errCode });
}

/** The same of a function that ran. */
const functionFailure = (errCode: number, text: string): NativeFailure =>
  new NativeFailure(text, { errCode, requestID: `req-${randomWord()}` });

/** Functions and files of all environments. */
export class CloudBackend implements Cloud {
  readonly files: CloudFile[] = [];
  readonly invocations: Cloud['invocations'] = [];
  readonly envs: string[];
  private readonly functions: Map<string, CloudFunction>;

  constructor(
    private readonly clock: Clock,
    readonly appid: string,
    private readonly options: CloudOptions = {},
  ) {
    this.envs = options.envs ?? ['env-1'];
    this.functions = new Map(Object.entries(options.functions ?? {}));
  }

  define(name: string, run: CloudFunction): void {
    this.functions.set(name, run);
  }

  /** Runs a function. @throws NativeFailure as the platform words it */
  async call(env: string, name: string, data: Any): Promise<unknown> {
    const run = this.functions.get(name);
    if (!run) throw cloudFailure(-501000, `FunctionName parameter could not be found: ${name}`);
    const openid = this.options.openid ?? 'openid-cloud';
    const event = { ...this.withOpenData(data), userInfo: { appId: this.appid, openId: openid } };
    const record: Cloud['invocations'][number] = { at: this.clock.now(), env, name, event };
    this.invocations.push(record);
    const context = { OPENID: openid, APPID: this.appid, ENV: env, now: () => this.clock.now() };
    try {
      const result = await this.timed((sleep) => Promise.resolve(run(event, { ...context, sleep })));
      record.result = JSON.parse(JSON.stringify(result ?? null)) as unknown;
      return record.result;
    } catch (error) {
      record.error = error instanceof Error ? error.message : String(error);
      if (error instanceof NativeFailure) throw error;
      throw functionFailure(-504002, `Error: ${record.error}`);
    }
  }

  private store(env: string, cloudPath: string, bytes: Uint8Array): string {
    const fileID = `cloud://${env}.${this.appid}/${cloudPath}`;
    this.remove(fileID);
    this.files.push({ fileID, env, cloudPath, bytes, at: this.clock.now() });
    return fileID;
  }

  read(fileID: string): Uint8Array | undefined {
    return this.files.find((file) => file.fileID === fileID)?.bytes;
  }

  tempUrl(fileID: string): string {
    if (!this.read(fileID))
      throw new Error(`Failed to make a link: there is no file ${fileID}. Upload it first.`);
    return `${CLOUD_ORIGIN}/${encodeURIComponent(fileID)}?sign=${randomWord()}`;
  }

  remove(fileID: string): boolean {
    const index = this.files.findIndex((file) => file.fileID === fileID);
    if (index >= 0) this.files.splice(index, 1);
    return index >= 0;
  }

  /** The storage's own HTTP side: uploads come in, temporary links are served. */
  readonly serve: HttpHandler = ({ method, path, form }) => {
    if (method === 'POST' && form) {
      const { env = '', cloudPath = '' } = form.fields;
      return { status: 200, body: { fileID: this.store(env, cloudPath, form.file.bytes) } };
    }
    const bytes = this.read(decodeURIComponent(path.slice(1)));
    return bytes ? { body: bytes } : { status: 404 };
  };

  /** CloudIDs are resolved where they are a top-level field of `data`, nowhere else. */
  private withOpenData(data: Any): Record<string, unknown> {
    const fields = Object.entries((data ?? {}) as Record<string, Any>).map(([key, value]) => {
      const id = value?.cloudID as string | undefined;
      const open = id === undefined ? undefined : this.options.openData?.[id];
      return [key, open === undefined ? (value as unknown) : { cloudID: id, data: open }] as const;
    });
    return Object.fromEntries(fields);
  }

  private async timed<T>(work: (sleep: CloudContext['sleep']) => Promise<T>): Promise<T> {
    const limit = this.options.timeLimit ?? DEFAULT_TIME_LIMIT_MS;
    let timer = 0;
    const late = new Promise<typeof TIMED_OUT>((resolve) => {
      timer = this.clock.setTimer(() => resolve(TIMED_OUT), limit, 'time limit of a cloud function');
    });
    const outcome = await Promise.race([this.clock.hold(work), late]).finally(() =>
      this.clock.clearTimer(timer),
    );
    if (outcome === TIMED_OUT)
      throw functionFailure(-504003, `Invoking task timed out after ${limit / 1000} seconds`);
    return outcome as T;
  }
}
