/** What a value of the configuration may be. */
export type Rule =
  | { kind: 'text' | 'integer' | 'flag' }
  | { kind: 'choice'; values: readonly string[] }
  | { kind: 'list'; of: Rule }
  | { kind: 'map'; of: Rule }
  | { kind: 'object'; keys: Record<string, Rule>; required: readonly string[] }
  | { kind: 'either'; rules: readonly Rule[] };

export const text: Rule = { kind: 'text' };
export const integer: Rule = { kind: 'integer' };
export const flag: Rule = { kind: 'flag' };
export const choice = (...values: string[]): Rule => ({ kind: 'choice', values });
export const list = (of: Rule): Rule => ({ kind: 'list', of });
export const map = (of: Rule): Rule => ({ kind: 'map', of });
export const either = (...rules: Rule[]): Rule => ({ kind: 'either', rules });
export const object = (keys: Record<string, Rule>, required: readonly string[] = []): Rule => ({
  kind: 'object',
  keys,
  required,
});

export interface Fault {
  /** Where it is: `limits.calls`. */
  path: string;
  problem: 'has a wrong value' | 'is missing' | 'is not known';
  /** What to do, as a sentence. */
  fix: string;
}

/** @returns the first fault */
export function findFault(rule: Rule, value: unknown, path = ''): Fault | undefined {
  const at = (key: string): string => (path ? `${path}.${key}` : key);
  const mustBe = (allowed: Rule): string => `It must be ${describe(allowed)}.`;
  const fault: Fault = { path: path || 'the whole', problem: 'has a wrong value', fix: mustBe(rule) };
  const all = (entries: [string, unknown, Rule][]): Fault | undefined => {
    for (const [key, item, of] of entries) {
      const found = findFault(of, item, at(key));
      if (found) return found;
    }
    return undefined;
  };
  switch (rule.kind) {
    case 'text':
      return typeof value === 'string' && value !== '' ? undefined : fault;
    case 'integer':
      return Number.isSafeInteger(value) ? undefined : fault;
    case 'flag':
      return typeof value === 'boolean' ? undefined : fault;
    case 'choice':
      return rule.values.includes(value as string) ? undefined : fault;
    case 'either':
      return rule.rules.some((one) => !findFault(one, value)) ? undefined : fault;
    case 'list':
      return Array.isArray(value) ? all(value.map((item, i) => [String(i), item, rule.of])) : fault;
    case 'map':
      return isObject(value) ? all(Object.entries(value).map(([key, item]) => [key, item, rule.of])) : fault;
    case 'object': {
      if (!isObject(value)) return fault;
      const unknown = Object.keys(value).find((key) => !Object.hasOwn(rule.keys, key));
      const missing = rule.required.find((key) => !Object.hasOwn(value, key));
      if (unknown !== undefined) {
        const known = Object.keys(rule.keys).join(', ');
        return { path: at(unknown), problem: 'is not known', fix: `Known are ${known}.` };
      }
      if (missing !== undefined) {
        return { path: at(missing), problem: 'is missing', fix: mustBe(rule.keys[missing]) };
      }
      return all(Object.entries(value).map(([key, item]) => [key, item, rule.keys[key]]));
    }
  }
}

function describe(rule: Rule): string {
  switch (rule.kind) {
    case 'text':
      return 'a text that is not empty';
    case 'integer':
      return 'a whole number';
    case 'flag':
      return 'true or false';
    case 'choice':
      return `one of ${rule.values.join(', ')}`;
    case 'list':
      return `a list of ${describe(rule.of)}`;
    case 'map':
    case 'object':
      return 'an object';
    case 'either':
      return rule.rules.map(describe).join(', or ');
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
