import { digest, type ResultWatch } from '../../invocation';
import type { Signals } from '../stores/signals';

/** Questions of one user that wait at once; a further one is answered at once. */
const MAX_PER_USER = 2;

/** Questions for results that wait until the platform has pushed them. One waits per task: the newest. */
export class HeldQuestions {
  /** By the digest of the request id. */
  readonly #questions = new Map<string, HeldQuestion>();

  /** @param signals - of results that are there, of any instance */
  static async open(signals: Signals): Promise<HeldQuestions> {
    const held = new HeldQuestions();
    await signals.listen((id) => held.#wake(id));
    return held;
  }

  /**
   * @param ms - that it waits at most
   * @returns undefined where the user has too many
   */
  hold(userId: string, requestId: string, ms: number): ResultWatch | undefined {
    const id = digest(requestId);
    // A phone that asks again has given up the earlier question.
    this.#questions.get(id)?.end();
    const ofUser = [...this.#questions.values()].filter((question) => question.userId === userId);
    if (ofUser.length >= MAX_PER_USER) return undefined;
    const question = new HeldQuestion(userId, ms, () => {
      if (this.#questions.get(id) === question) this.#questions.delete(id);
    });
    this.#questions.set(id, question);
    return question;
  }

  /** Has all of them answered now. */
  endAll(): void {
    for (const question of [...this.#questions.values()]) question.end();
  }

  #wake(id?: string): void {
    if (id !== undefined) this.#questions.get(id)?.wake();
    else for (const question of [...this.#questions.values()]) question.wake();
  }
}

class HeldQuestion implements ResultWatch {
  #hasEnded = false;
  /** A signal that came while nobody waited for it. */
  #isAwake = false;
  #resume: (() => void) | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(
    readonly userId: string,
    ms: number,
    private readonly onEnd: () => void,
  ) {
    this.#timer = setTimeout(() => this.end(), ms);
  }

  async next(): Promise<boolean> {
    if (!this.#hasEnded && !this.#isAwake) await new Promise<void>((resolve) => (this.#resume = resolve));
    this.#isAwake = false;
    return !this.#hasEnded;
  }

  wake(): void {
    this.#isAwake = true;
    this.#resume?.();
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    this.onEnd();
    this.#resume?.();
  }
}
