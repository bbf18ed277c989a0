import { openPhone } from '../engine/open-phone';
import type { Backend, Phone, PhoneEvent, PhoneOptions, PhoneSettings } from '../engine/types';

/** What a phone is opened with, as the page knows it. */
type World = Pick<PhoneOptions, 'settings' | 'sources' | 'picture' | 'language'>;

/** The one phone of the page: a new one takes the place of the one before. */
export class PhoneControl {
  private phone?: Phone;
  /** Counts the phones, so that one that opens late knows that it is no longer wanted. */
  private count = 0;
  private startedAt = performance.now();
  /** What was changed while a phone opens, which it does not know yet. */
  private late: ((phone: Phone) => void)[] = [];

  constructor(
    private readonly backend: Backend,
    private readonly onEvent: (event: PhoneEvent) => void,
  ) {}

  /** ms since the phone started. */
  now(): number {
    return performance.now() - this.startedAt;
  }

  /** @returns undefined where it runs, why it does not, or `replaced` where another one was asked for meanwhile */
  async restart(world: World): Promise<string | undefined> {
    const number = ++this.count;
    const isCurrent = (): boolean => number === this.count;
    this.phone?.close();
    this.phone = undefined;
    this.startedAt = performance.now();
    this.late = [];
    const screen = document.getElementById('screen') as HTMLElement;
    screen.replaceChildren();
    try {
      const phone = await openPhone(screen, {
        ...world,
        backend: this.backend,
        onEvent: (event) => {
          if (isCurrent()) this.onEvent(event);
        },
      });
      if (!isCurrent()) {
        phone.close();
        return 'replaced';
      }
      this.phone = phone;
      for (const tell of this.late) tell(phone);
      return undefined;
    } catch (error) {
      return isCurrent() ? (error as Error).message : 'replaced';
    }
  }

  change({ network, bridgeDenied, billing }: PhoneSettings): void {
    this.tell((phone) => phone.change({ network, bridgeDenied, billing }));
  }

  choosePicture(bytes: Uint8Array): void {
    this.tell((phone) => phone.choosePicture(bytes));
  }

  abort(): void {
    this.phone?.abort();
  }

  private tell(change: (phone: Phone) => void): void {
    if (this.phone) change(this.phone);
    else this.late.push(change);
  }
}
