import type { PlatformEffect, PlatformFault } from './types';

export class PlatformFaults {
  private readonly active: { fault: PlatformFault; matched: number; used: number }[] = [];

  add(fault: PlatformFault): void {
    this.active.push({ fault, matched: 0, used: 0 });
  }

  /** The effects on this request, in the order they were set; counts it for `nth` and `times`. */
  take(path: string): PlatformEffect[] {
    const effects: PlatformEffect[] = [];
    for (const entry of this.active) {
      const { fault } = entry;
      if (fault.path !== path) continue;
      entry.matched++;
      if (fault.nth !== undefined && fault.nth !== entry.matched) continue;
      if (fault.times !== undefined && entry.used >= fault.times) continue;
      entry.used++;
      effects.push(fault.effect);
    }
    return effects;
  }
}
