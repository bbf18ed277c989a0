import { LIMITS } from '../protocol';
import type { Configuration } from '../protocol';

const CHANNEL_NAMES = ['bridge', 'relay', 'cloud'];

function isObject(value: any): boolean {
  return !!value && typeof value === 'object' && !Array.isArray(value);
}

/** Without repeats and without a pause an app can do; every other limit of 0 would stop it. */
function isLimit(name: string, value: unknown): boolean {
  return typeof value === 'number' && (value > 0 || (value === 0 && /^(repeats|pollInterval)$/.test(name)));
}

/** Each key of the configuration: what it must be, in words and as a test. */
const KEYS: { [key: string]: [string, (value: any) => boolean] } = {
  channels: [
    'a list of ' + CHANNEL_NAMES.join(', '),
    (value) => Array.isArray(value) && value.every((name) => CHANNEL_NAMES.indexOf(name) >= 0),
  ],
  relay: ['{url, credential?}', (value) => isObject(value) && /^https?:/.test(value.url)],
  cloud: ['{env, function}', (value) => isObject(value) && !!value.env && !!value.function],
  limits: [
    '{' + Object.keys(LIMITS).join(', ') + '}, numbers above 0 (repeats and pollInterval: or 0)',
    (value) =>
      isObject(value) && Object.keys(value).every((name) => name in LIMITS && isLimit(name, value[name])),
  ],
  retries: ['{resend}', isObject],
  plugins: ['{name: policy}', isObject],
  onPluginCall: ['a function', (value) => typeof value === 'function'],
  prefer: ["'native' or 'shim'", (value) => value === 'native' || value === 'shim'],
};

/**
 * Checks what a page gives to `configure()`. The injected file does without: the injector has checked
 * servicemarket.config.json.
 *
 * @throws Error that names a wrong key or value, and what is allowed
 */
export function checkConfiguration(configuration: Configuration): void {
  Object.keys(configuration).forEach((key) => {
    const rule = KEYS[key];
    if (!rule) throw new Error(`configure: no key '${key}'. Allowed: ${Object.keys(KEYS).join(', ')}`);
    if (!rule[1]((configuration as any)[key])) throw new Error(`configure: ${key} must be ${rule[0]}`);
  });
}
