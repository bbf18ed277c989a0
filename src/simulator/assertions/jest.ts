/** The simulator for tests under jest: importing it adds the matchers to the `expect` of the test. */
import { matchers } from './matchers';
import type { HostMatchers } from './matchers';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- jest's types are extended so
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type -- as jest declares it
    interface Matchers<R, T = {}> extends HostMatchers<R> {}
  }
}

const { expect } = globalThis as { expect?: { extend(added: object): void } };
if (!expect) {
  throw new Error(
    "Failed to add the matchers: there is no global expect. Load this in a test of jest, or give your own: expect.extend(require('miniprogram-servicemarket/simulator').matchers).",
  );
}
expect.extend(matchers);

export * from '../index';
