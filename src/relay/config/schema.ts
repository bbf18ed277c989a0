import { resolveReferences, type Schema } from '../../json';
import schema from './relay.config.schema.json';

/** What relay.config.json may hold; ready to be used, which the file itself is not. */
export const CONFIG_SCHEMA = resolveReferences(schema as Schema);
/** What stands below the appid of one of several apps. */
export const APP_SCHEMA = CONFIG_SCHEMA.properties?.apps.additionalProperties as Schema;
