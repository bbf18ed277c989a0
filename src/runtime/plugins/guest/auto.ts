/** What the injected file of a plugin exports; on load it adds `serviceMarket` to the plugin's `wx`. */
import { callSafely } from '../../core/callbacks';
import { install } from './market';

callSafely(install);

export { configure, connectServiceMarket, serviceMarket } from '../../plugin';
