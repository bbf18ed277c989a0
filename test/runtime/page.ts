/** Names of test/support/hosts.ts under which this folder's suites know them. */
import type { HostOptions } from '../../src/simulator';
import { openPage } from '../support/hosts';

export {
  BILLINGS,
  expectAtRest,
  expectOver,
  openPage as createPage,
  type PageHost,
  PLATFORMS,
  type Seen,
  SERVICE,
} from '../support/hosts';
export { expectWellFormed } from '../support/outcomes';

/** A maker of pages with the same options. */
export function pageMaker(defaults: HostOptions = {}): typeof openPage {
  return (options, config) => openPage({ ...defaults, ...options }, config);
}
