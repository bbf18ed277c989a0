/** What every supported base library gives besides ES5 (protocol 10 and 11), and what the build puts in. */

declare function setTimeout(action: () => void, ms: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare const console: { error(...parts: unknown[]): void; warn(...parts: unknown[]): void } | undefined;

interface ObjectConstructor {
  assign<T extends object>(target: T, ...sources: Array<object | undefined>): T & any;
}

/** The version in package.json. */
declare const __VERSION__: string;
/** The configuration that the injector writes into the injected file: its second parameter. */
declare const config: object;
