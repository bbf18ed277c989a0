/** What the injected file of a plugin exports; it gives the plugin's `wx` its `serviceMarket` on load. */
import { run } from '../../core/task';
import { install } from './market';

run(install);

export { configure, connectServiceMarket, serviceMarket } from '../../plugin';
