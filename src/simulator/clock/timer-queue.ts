import { isInterval } from './types';
import type { Timer } from './types';

/** Timers in the order they fire: by time, then by age. */
export class TimerQueue {
  private timers: Timer[] = [];
  private nextId = 1;
  private userAsleep = false;

  add(at: number, fire: () => void, what: string, user: boolean): number {
    const timer = { id: this.nextId++, at, what, user, fire };
    let low = 0;
    let high = this.timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.timers[middle]!.at <= at) low = middle + 1;
      else high = middle;
    }
    this.timers.splice(low, 0, timer);
    return timer.id;
  }

  remove(id: number): void {
    this.timers = this.timers.filter((timer) => timer.id !== id);
  }

  /** Removes and returns the first timer that is awake and due at `time`. */
  takeDue(time: number): Timer | undefined {
    const index = this.timers.findIndex((timer) => !(timer.user && this.userAsleep));
    if (index < 0 || this.timers[index]!.at > time) return undefined;
    return this.timers.splice(index, 1)[0];
  }

  suspendUser(): void {
    this.userAsleep = true;
  }

  resumeUser(): void {
    this.userAsleep = false;
  }

  pending(): Timer[] {
    return this.timers.slice();
  }

  /** The first that keeps a host from rest: awake, and no interval of page code. */
  firstAtWork(): Timer | undefined {
    return this.timers.find((timer) => !isInterval(timer) && !(timer.user && this.userAsleep));
  }

  clear(): void {
    this.timers = [];
  }
}
