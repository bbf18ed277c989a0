/** What every kind of fault says about how often it strikes. */
interface Counted {
  /** Only the nth that matches, from 1. */
  nth?: number;
  /** At most so many. */
  times?: number;
}

/** Faults that were set, and how often each has matched and struck. */
export class FaultList<F extends Counted> {
  private readonly active: { fault: F; matched: number; struck: number }[] = [];

  add(fault: F): void {
    this.active.push({ fault, matched: 0, struck: 0 });
  }

  /** The faults that strike now, in the order they were set. */
  take(matches: (fault: F) => boolean): F[] {
    const striking = this.active.filter((entry) => {
      const { nth, times = Infinity } = entry.fault;
      if (!matches(entry.fault)) return false;
      entry.matched++;
      return (nth === undefined || nth === entry.matched) && entry.struck < times;
    });
    for (const entry of striking) entry.struck++;
    return striking.map(({ fault }) => fault);
  }
}
