/** What a page of the demo asks of the host: the album, the clipboard and the service market, all under control. */

type Callbacks = { success?(result: object): void; fail?(error: object): void };

export interface Invocation {
  options: { service: string; api: string; data: Record<string, unknown> };
  resolve(result: object): void;
  reject(error: object): void;
}

export interface FakeHost {
  invocations: Invocation[];
  /** Contents that were marked for upload. */
  marked: unknown[];
  copied: string[];
  /** What the album does at the next tap. @default gives `wxfile://tmp/receipt.png` */
  album: (options: Callbacks) => void;
}

/** Puts the fakes on `wx`; the members of earlier calls are replaced. */
export function fakeHost(): FakeHost {
  const host: FakeHost = {
    invocations: [],
    marked: [],
    copied: [],
    album: ({ success }) => success?.({ tempFilePaths: ['wxfile://tmp/receipt.png'] }),
  };
  class CDN {
    constructor(readonly options: unknown) {
      host.marked.push(options);
    }
  }
  const invokeService = (options: Invocation['options']) =>
    new Promise((resolve, reject) => host.invocations.push({ options, resolve, reject }));
  Object.assign((globalThis as unknown as { wx: object }).wx, {
    serviceMarket: { CDN, invokeService },
    chooseImage: (options: Callbacks) => host.album(options),
    setClipboardData: ({ data }: { data: string }) => host.copied.push(data),
  });
  return host;
}
