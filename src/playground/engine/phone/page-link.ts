import type { Exchange } from '../types';
import { LOADED } from '../wire';
import type { Answers, Questions, StartOptions, ToFrame, ToPage } from '../wire';

/** Thrown where the backend has failed, with the code that the market answers with. */
export class BackendError extends Error {
  constructor(
    message: string,
    readonly errcode?: number,
  ) {
    super(message);
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  onSent?: (bytes: number) => void;
}

/** The frame's end of the wire to the page. */
export class PageLink {
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  /** What the page says besides answers. */
  onMessage?: (message: ToFrame) => void;

  private constructor(private readonly port: MessagePort) {
    port.onmessage = ({ data }: { data: ToFrame }) => this.hear(data);
  }

  /** Tells the page that the frame has loaded, and waits for its port. */
  static open(): Promise<{ link: PageLink; options: StartOptions }> {
    return new Promise((resolve) => {
      addEventListener('message', function hear({ source, data, ports }) {
        const message = data as ToFrame;
        if (source !== parent || message?.type !== 'start' || !ports[0]) return;
        removeEventListener('message', hear);
        resolve({ link: new PageLink(ports[0]), options: message.options });
      });
      parent.postMessage(LOADED, '*');
    });
  }

  say(message: ToPage): void {
    this.port.postMessage(message);
  }

  /** Asks the backend. @throws BackendError */
  ask<N extends Exclude<keyof Questions, 'http'>>(name: N, ...args: Questions[N]): Promise<Answers[N]> {
    return this.question(name, args);
  }

  /** Has the backend carry an exchange out. @throws BackendError */
  http(exchange: Exchange, signal: AbortSignal, onSent?: (bytes: number) => void): Promise<Answers['http']> {
    return this.question('http', [exchange], { signal, onSent });
  }

  private question<N extends keyof Questions>(
    name: N,
    args: Questions[N],
    { signal, onSent }: { signal?: AbortSignal; onSent?: (bytes: number) => void } = {},
  ): Promise<Answers[N]> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { resolve: resolve as (value: unknown) => void, reject, onSent };
      this.waiting.set(id, waiting);
      signal?.addEventListener('abort', () => {
        if (!this.waiting.delete(id)) return;
        this.say({ type: 'withdrawn', id });
        reject(new BackendError('aborted'));
      });
      this.say({ type: 'question', id, name, args });
    });
  }

  private hear(message: ToFrame): void {
    if (message.type === 'sent') return this.waiting.get(message.id)?.onSent?.(message.bytes);
    if (message.type !== 'answer' && message.type !== 'failure') return this.onMessage?.(message);
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.value);
    else waiting?.reject(new BackendError(message.message, message.errcode));
    return undefined;
  }
}
