/** The environment of a judge's tests: after the first failure of a file the rest of it has nothing to add. */
import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';

export default class FailingFast extends TestEnvironment {
  private hasFailed = false;

  handleTestEvent(event: Circus.Event): void {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') this.hasFailed = true;
    if (event.name === 'test_start' && this.hasFailed) event.test.mode = 'skip';
  }
}
