/** What every supported base library has besides ES5 (protocol 10 and 11), and what the build puts in. */

declare function setTimeout(action: () => void, ms: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare const console: { error(...parts: unknown[]): void; warn(...parts: unknown[]): void } | undefined;

interface ObjectConstructor {
  assign<T extends object>(target: T, ...sources: Array<object | undefined>): T & any;
}

/** The version in package.json. */
declare const __VERSION__: string;
/** Whether the build has a channel that works on hosts besides WeChat. */
declare const __OTHER_HOSTS__: boolean;
/** The configuration that the injector writes into the injected file: its second parameter. */
declare const config: object;
