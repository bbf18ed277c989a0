import { utf8 } from '../text';
import type { Cdn, CdnFile } from '../types';

/** Where uploaded files are served. */
export const CDN_ORIGIN = 'https://cdn.simulator.test';

/** The platform's file store: keeps uploads and serves them by URL. */
export class CdnStore implements Cdn {
  readonly files: CdnFile[] = [];
  inFlight = 0;
  most = 0;

  constructor(private readonly now: () => number) {}

  /** Keeps the bytes. @returns their URL */
  store(bytes: Uint8Array, name?: string): string {
    const secret = Math.random().toString(36).slice(2);
    const url = `${CDN_ORIGIN}/${this.files.length + 1}-${secret}`;
    this.files.push({ url, bytes, name, at: this.now() });
    return url;
  }

  read(url: string): Uint8Array | undefined {
    return this.files.find((file) => file.url === url)?.bytes;
  }

  text(url: string): string {
    const bytes = this.read(url);
    if (!bytes)
      throw new Error(`Failed to read ${url}: nothing was uploaded there. Use a URL from cdn.files.`);
    return utf8(bytes);
  }

  /** Counts one upload until the returned function is called. */
  enter(): () => void {
    this.inFlight++;
    this.most = Math.max(this.most, this.inFlight);
    let inside = true;
    return () => {
      if (inside) this.inFlight--;
      inside = false;
    };
  }
}
