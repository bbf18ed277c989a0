/** The simulator for tests under vitest: importing it adds the matchers to vitest's `expect`. */
import { expect } from 'vitest';
import type { Assertion } from 'vitest';
import { matchers } from '../index';
import type { Host } from '../types';
import type { HostMatchers } from './matchers';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type -- as vitest declares it
  interface Assertion<T = any> extends HostMatchers<void> {}
}

expect.extend(matchers);

export * from '../index';
/** What `expect(host)` returns. Without a type of vitest's in the declarations there would be nothing to extend. */
export type HostAssertion = Assertion<Host>;
