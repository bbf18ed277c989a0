import type { Configuration, Limits } from '../../protocol';
import { readOwn } from './host';

type Test = (value: any) => boolean;
type Tests = { [key: string]: Test };

const CHANNEL_NAMES = ['bridge', 'relay', 'cloud'];
/** As in policy.ts and in the schema. */
const MOST_PER_MINUTE = 6000;
/** The most transfers that the platform has for an app. */
const MOST_TRANSFERS = 10;

const isFunction: Test = (value) => typeof value === 'function';
const isText: Test = (value) => !!value && typeof value === 'string';
const isUrl: Test = (value) => typeof value === 'string' && /^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/.test(value);
const isWhole: Test = (value) => typeof value === 'number' && value >= 0 && value % 1 === 0;
const isCount: Test = (value) => isWhole(value) && value > 0;

const isObject: Test = (value) => !!value && typeof value === 'object' && !Array.isArray(value);

/** Of a key that may also be there without a value, as the types say. */
const maybe =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);

/** Makes the test of an object that has the `required` keys, perhaps `optional` ones, and no other. */
function shape(required: Tests, optional: Tests = {}): Test {
  const tests: Tests = Object.assign({}, optional, required);
  return (value) =>
    isObject(value) &&
    Object.keys(required).every((key) => key in value) &&
    Object.keys(value).every((key) => readOwn(tests, key) && tests[key]!(value[key]));
}

/** Without repeats and without a pause an app can do; every other limit of 0 would stop it. */
const LIMIT_TESTS: Record<keyof Limits, Test> = {
  messages: isCount,
  messageTimeout: isCount,
  repeats: isWhole,
  pollInterval: isWhole,
  transfers: (value) => isCount(value) && value <= MOST_TRANSFERS,
  uploadTimeout: isCount,
  uploadRate: isCount,
};

const isRule = shape(
  { service: isText },
  { api: maybe(isText), perMinute: maybe((value) => isWhole(value) && value <= MOST_PER_MINUTE) },
);
const isPolicy: Test = (value) =>
  value === 'all' || isFunction(value) || (Array.isArray(value) && value.every(isRule));

/** Each key of the configuration: what it must be, in words and as a test. */
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
    shape({ url: isUrl }, { credential: maybe(isFunction) }),
  ],
  cloud: ['{env, function}, two texts', shape({ env: isText, function: isText })],
  limits: [
    '{' +
      Object.keys(LIMIT_TESTS).join(', ') +
      '}, whole numbers above 0 (repeats and pollInterval: or 0), transfers at most 10',
    shape({}, LIMIT_TESTS),
  ],
  retries: ['{resend}, true or false', shape({}, { resend: maybe((value) => typeof value === 'boolean') })],
  plugins: [
    "{name: policy}, each 'all', a function, or a list of {service, api?, perMinute?}",
    (value) => isObject(value) && Object.keys(value).every((name) => isPolicy(value[name])),
  ],
  onPluginCall: ['a function', isFunction],
  prefer: ["'native' or 'shim'", (value) => value === 'native' || value === 'shim'],
};

/**
 * Checks what a page gives to `configure()`. The injected file does without: the injector has checked
 * servicemarket.config.json.
 *
 * @throws Error that names a wrong key or value, and what is allowed
 */
export function checkConfiguration(configuration: Configuration): void {
  const allowed = Object.keys(KEYS).join(', ');
  if (!isObject(configuration)) throw new Error(`configure takes an object. Its keys: ${allowed}`);
  Object.keys(configuration).forEach((key) => {
    if (!readOwn(KEYS, key)) throw new Error(`configure: no key '${key}'. Allowed: ${allowed}`);
    const [words, test] = KEYS[key]!;
    if (!test((configuration as any)[key])) throw new Error(`configure: ${key} must be ${words}`);
  });
}
