import { CHANNEL_NAMES, LIMITS, MAX_PER_MINUTE } from '../../protocol';
import type { Configuration, Limits } from '../../protocol';
import { isLimit } from './limits';

type Test = (value: any) => boolean;
type Tests = { [key: string]: Test };

const isFunction: Test = (value) => typeof value === 'function';
const isFilledString: Test = (value) => !!value && typeof value === 'string';
const isUrl: Test = (value) => typeof value === 'string' && /^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/.test(value);
const isInteger: Test = (value) => typeof value === 'number' && value >= 0 && value % 1 === 0;

const isObject: Test = (value) => !!value && typeof value === 'object' && !Array.isArray(value);

/** The test of a key that may also be present without a value, as the types say. */
const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);

/** Whether `tests` has one for `key`; what every object inherits (`toString`) is none. */
function isKeyOf(tests: object, key: string): boolean {
  return Object.keys(tests).indexOf(key) >= 0;
}

/** Makes the test of an object that has the `required` keys, perhaps those of `others`, and no other. */
function shape(required: Tests, others: Tests = {}): Test {
  const tests: Tests = Object.assign({}, others, required);
  return (value) =>
    isObject(value) &&
    Object.keys(required).every((key) => key in value) &&
    Object.keys(value).every((key) => isKeyOf(tests, key) && tests[key]!(value[key]));
}

const isRule = shape(
  { service: isFilledString },
  {
    api: optional(isFilledString),
    perMinute: optional((value) => isInteger(value) && value <= MAX_PER_MINUTE),
  },
);
const isPolicy: Test = (value) =>
  value === 'all' || isFunction(value) || (Array.isArray(value) && value.every(isRule));

/** For each key of the configuration: what it must be, in words and as a test. */
const KEYS: { [key: string]: [string, Test] } = {
  channels: [
    'a list of ' + CHANNEL_NAMES.join(', '),
    (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((name, at) => CHANNEL_NAMES.indexOf(name) >= 0 && value.indexOf(name) === at),
  ],
  relay: [
    '{url, credential?}, a URL without a query and a function',
    shape({ url: isUrl }, { credential: optional(isFunction) }),
  ],
  cloud: ['{env, function}, two texts', shape({ env: isFilledString, function: isFilledString })],
  limits: [
    '{' +
      Object.keys(LIMITS).join(', ') +
      '}, whole numbers above 0 (repeats and pollInterval: or 0), transfers at most 10',
    (value) =>
      isObject(value) &&
      Object.keys(value).every((name) => isKeyOf(LIMITS, name) && isLimit(name as keyof Limits, value[name])),
  ],
  retries: [
    '{resend}, true or false',
    shape({}, { resend: optional((value) => typeof value === 'boolean') }),
  ],
  plugins: [
    "{name: policy}, each 'all', a function, or a list of {service, api?, perMinute?}",
    (value) => isObject(value) && Object.keys(value).every((name) => isPolicy(value[name])),
  ],
  onPluginCall: ['a function', isFunction],
  prefer: ["'native' or 'shim'", (value) => value === 'native' || value === 'shim'],
};

/**
 * Checks what a page passes to `configure()`. The injected file does without: the injector has checked
 * servicemarket.config.json.
 *
 * @throws Error that names a wrong key or value, and what is allowed
 */
export function checkConfiguration(configuration: Configuration): void {
  const allowed = Object.keys(KEYS).join(', ');
  if (!isObject(configuration)) throw new Error(`configure takes an object. Its keys: ${allowed}`);
  Object.keys(configuration).forEach((key) => {
    if (!isKeyOf(KEYS, key)) throw new Error(`configure: no key '${key}'. Allowed: ${allowed}`);
    const [words, test] = KEYS[key]!;
    if (!test((configuration as any)[key])) throw new Error(`configure: ${key} must be ${words}`);
  });
}
