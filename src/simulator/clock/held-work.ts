/** Waits in host time. */
export type Sleep = (ms: number) => Promise<void>;

/** Work that no timer stands for: providers and servers, which may wait for real events of the machine. */
export class HeldWork {
  /** How many are now at work, not counting those that wait for host time. */
  count = 0;

  constructor(private readonly sleep: Sleep) {}

  async run<T>(work: (sleep: Sleep) => Promise<T>): Promise<T> {
    const sleep = async (ms: number): Promise<void> => {
      this.count--;
      await this.sleep(ms);
      this.count++;
    };
    this.count++;
    try {
      return await work(sleep);
    } finally {
      this.count--;
    }
  }
}
