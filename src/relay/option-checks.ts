/** What the checks of a relay's options and of its apps' options have in common. */
import { fillDefaults, findFault, type Schema } from '../json';
import { errorText } from '../texts';
import { CONFIG_SCHEMA } from './config/schema';

/** Where options stand: nowhere special, or `['apps', appid]`. */
export type OptionPlace = readonly string[];

/**
 * Fills in the defaults of options that the configuration file may hold too, and checks them by its schema.
 *
 * @param names - of those options
 * @returns them alone
 * @throws TypeError that names the option, what it is and what is allowed
 */
export function checkBySchema(options: object, names: readonly string[], place: OptionPlace = []): object {
  const properties = CONFIG_SCHEMA.properties as Record<string, Schema>;
  const part: Schema = {
    type: 'object',
    properties: Object.fromEntries(names.map((name): [string, Schema] => [name, properties[name]])),
  };
  const given = Object.entries(options).filter(
    ([name, value]) => names.includes(name) && value !== undefined,
  );
  const filled = fillDefaults(part, Object.fromEntries(given)) as object;
  const fault = findFault(part, filled, [...place]);
  if (fault) throw new TypeError(errorText('relayOptionFault', { cause: fault.cause }));
  return filled;
}

/** @param allowed - what the option must be */
export function refuseOption(name: string, allowed: string, place: OptionPlace = []): never {
  throw new TypeError(errorText('relayOptionWrong', { name: [...place, name].join('.'), allowed }));
}
