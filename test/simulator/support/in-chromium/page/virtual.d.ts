declare module 'virtual:suites' {
  /** Loads each suite, by its name. */
  export const suites: Record<string, () => Promise<unknown>>;
}
