/** Where stores report what happens to them. Details hold ids and codes, never what a user sent or got. */
export interface StoreLog {
  error(message: string, details?: object): void;
  warn(message: string, details?: object): void;
  info(message: string, details?: object): void;
}

type Level = keyof StoreLog;

/** Messages that are kept until a relay has a log. */
const MAX_WAITING = 100;

/** The log of stores that are opened before the relay whose log they use. */
export class DeferredLog implements StoreLog {
  #target: StoreLog | undefined;
  #waiting: [Level, string, object | undefined][] = [];

  error(message: string, details?: object): void {
    this.#write('error', message, details);
  }

  warn(message: string, details?: object): void {
    this.#write('warn', message, details);
  }

  info(message: string, details?: object): void {
    this.#write('info', message, details);
  }

  /** Sends everything to `target`, also what came before. */
  attach(target: StoreLog): void {
    this.#target = target;
    for (const [level, message, details] of this.#waiting.splice(0)) target[level](message, details);
  }

  #write(level: Level, message: string, details: object | undefined): void {
    if (this.#target) this.#target[level](message, details);
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push([level, message, details]);
  }
}
