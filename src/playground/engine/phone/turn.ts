import type { ConsoleEvent, Language, PageErrorEvent, PhoneEvent } from '../types';

/** Page code that takes longer without returning to the browser is stopped. */
const MAX_TURN_MS = 2000;
/** Steps between two looks at the clock, which costs more than a step. */
const STEPS_PER_LOOK = 100;
/** So many events of one type are told in a turn: a loop that prints makes hundreds of thousands. */
const MAX_EVENTS = 500;

const TEXTS = {
  stopped: {
    en: `Failed to go on: this code did not return for ${MAX_TURN_MS / 1000} s. End its loop, or its chain of promises.`,
    zh: `继续运行失败：这段代码 ${MAX_TURN_MS / 1000} 秒没有返回。请结束其中的循环或 Promise 链。`,
  },
  leftOut: { en: 'events at once that are not shown: ', zh: '同时发生、未列出的条目：' },
} as const satisfies Record<string, Record<Language, string>>;

type TurnEvent = Omit<ConsoleEvent, 'at'> | Omit<PageErrorEvent, 'at'>;

/** A turn of the browser's event loop: what page code does until it returns. */
export class Turn {
  private startedAt?: number;
  private steps = 0;
  private isOver = false;
  private leftOut = 0;
  private readonly told = new Map<PhoneEvent['type'], number>();
  private readonly channel = new MessageChannel();

  /**
   * @param language - of the texts
   * @param report - is called after a turn with what only the turn knows
   */
  constructor(
    private readonly language: Language,
    private readonly report: (event: TurnEvent) => void,
  ) {
    this.channel.port1.onmessage = () => this.end();
  }

  /**
   * Page code calls it in each of its loops and functions.
   *
   * @throws Error where the turn has lasted too long, and then until it ends: code that catches the error does not get away
   */
  readonly guard = (): void => {
    const startedAt = this.begin();
    if (++this.steps % STEPS_PER_LOOK === 0) this.isOver ||= performance.now() - startedAt > MAX_TURN_MS;
    if (this.isOver) throw new Error(TEXTS.stopped[this.language]);
  };

  /** Counts an event. @returns whether it is to be told */
  tells(type: PhoneEvent['type']): boolean {
    this.begin();
    const count = (this.told.get(type) ?? 0) + 1;
    this.told.set(type, count);
    if (count > MAX_EVENTS) this.leftOut++;
    return count <= MAX_EVENTS;
  }

  private end(): void {
    const { isOver, leftOut, told, language, report } = this;
    // Page code has caught the error, or it is the reason of a promise's rejection, of which a frame need not hear.
    const isSilent = isOver && !told.has('page-error');
    this.startedAt = undefined;
    this.isOver = false;
    this.leftOut = 0;
    told.clear();
    if (isSilent) report({ type: 'page-error', message: TEXTS.stopped[language] });
    if (leftOut > 0) report({ type: 'console', level: 'warn', text: TEXTS.leftOut[language] + leftOut });
  }

  private begin(): number {
    if (this.startedAt === undefined) {
      this.startedAt = performance.now();
      // Arrives when the turn has ended; unlike a timer, not later while the page is in the background.
      this.channel.port2.postMessage(undefined);
    }
    return this.startedAt;
  }
}
