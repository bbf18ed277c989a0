import { text } from '../texts';
import type { JsonPath } from './json-file';

/** The part of JSON Schema draft-07 that the schemas of this package use; `description` and `format` are for editors. */
export interface Schema {
  /** `#/properties/<key>`, with nothing beside it. `resolveReferences` puts in its place what it refers to. */
  $ref?: string;
  type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  enum?: readonly unknown[];
  anyOf?: readonly Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: readonly string[];
  items?: Schema;
  minItems?: number;
  uniqueItems?: boolean;
  minLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  default?: unknown;
}

export interface SchemaFault {
  path: JsonPath;
  /** The key is wrong, whatever its value. */
  part?: 'key';
  /** What is wrong and what is allowed. */
  cause: string;
}

/**
 * Puts in place of each `$ref` the property of the root that it names. To be called once, before a schema is used.
 *
 * @param root - its references refer to no other
 */
export function resolveReferences(root: Schema): Schema {
  const REFERENCE = /^#\/properties\/(\w+)$/;
  const text = JSON.stringify(root, (_key, node: Schema | undefined) => {
    const [, name] = REFERENCE.exec(node?.$ref ?? '') ?? [];
    return name === undefined ? node : root.properties?.[name];
  });
  return JSON.parse(text) as Schema;
}

/**
 * @returns `value` with the schema's defaults, also those inside objects. An object that is left out stays so, unless
 *   the schema has a default for it.
 */
export function fillDefaults({ properties, default: standard }: Schema, value: unknown): unknown {
  const filled = value ?? standard;
  if (!properties || typeName(filled) !== 'object') return filled;
  const members = Object.entries(properties).map(([key, schema]): [string, unknown] => [
    key,
    fillDefaults(schema, (filled as Record<string, unknown>)[key]),
  ]);
  return {
    ...(filled as object),
    ...Object.fromEntries(members.filter(([, member]) => member !== undefined)),
  };
}

/** @returns the first fault of a JSON value, or undefined */
export function findFault(schema: Schema, value: unknown, path: JsonPath = []): SchemaFault | undefined {
  if (schema.anyOf) return faultOfChoice(schema.anyOf, value, path);
  if (schema.enum && !schema.enum.includes(value))
    return fault(path, value, text('oneOf', { list: list(schema.enum) }));
  if (schema.type && typeName(value) !== schema.type) return fault(path, value, describe(schema));
  if (typeof value === 'string' || typeof value === 'number') return faultOfScalar(schema, value, path);
  if (Array.isArray(value)) return faultOfArray(schema, value, path);
  return typeName(value) === 'object'
    ? faultOfObject(schema, value as Record<string, unknown>, path)
    : undefined;
}

function faultOfChoice(choices: readonly Schema[], value: unknown, path: JsonPath): SchemaFault | undefined {
  const sameType = choices.find(
    ({ type, enum: values }) => (type ?? typeName(values?.[0])) === typeName(value),
  );
  if (sameType) return findFault(sameType, value, path);
  return fault(path, value, choices.map(describe).join(text('or')));
}

function faultOfScalar(schema: Schema, value: string | number, path: JsonPath): SchemaFault | undefined {
  const { minLength = 0, pattern = '', minimum = -Infinity, maximum = Infinity } = schema;
  const good =
    typeof value === 'string'
      ? value.length >= minLength && new RegExp(pattern, 'u').test(value)
      : value >= minimum && value <= maximum;
  return good ? undefined : fault(path, value, describe(schema));
}

function faultOfArray(schema: Schema, value: unknown[], path: JsonPath): SchemaFault | undefined {
  if (value.length < (schema.minItems ?? 0)) return fault(path, value, describe(schema));
  for (const [index, item] of value.entries()) {
    const found = schema.items && findFault(schema.items, item, [...path, index]);
    if (found) return found;
    if (schema.uniqueItems && value.indexOf(item) < index) {
      return { path: [...path, index], cause: text('namedTwice', { key: format([...path, index]) }) };
    }
  }
  return undefined;
}

function faultOfObject(
  schema: Schema,
  value: Record<string, unknown>,
  path: JsonPath,
): SchemaFault | undefined {
  const { properties = {}, additionalProperties = true, required = [] } = schema;
  for (const [key, item] of Object.entries(value)) {
    const known = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    const at = [...path, key];
    if (known === false)
      return {
        path: at,
        part: 'key',
        cause: text('unknownKey', { key: format(at), allowed: Object.keys(properties).join(', ') }),
      };
    const found = known === true ? undefined : findFault(known, item, at);
    if (found) return found;
  }
  const missing = required.find((key) => !Object.hasOwn(value, key));
  return missing === undefined
    ? undefined
    : { path, cause: text('missingKey', { key: format([...path, missing]) }) };
}

function fault(path: JsonPath, value: unknown, expected: string): SchemaFault {
  const values = { key: format(path), value: JSON.stringify(value), allowed: expected };
  return { path, cause: text('wrongValue', values) };
}

function describe({
  type,
  enum: values,
  minimum,
  maximum,
  pattern,
  minLength,
  items,
  minItems,
}: Schema): string {
  if (values) return list(values);
  if (pattern) return text('aStringLike', { pattern });
  if (minLength) return text('aStringNotEmpty');
  if (type === 'array')
    return text('anArray', { size: minItems ? text('notEmpty') : '', items: items ? ofItems(items) : '' });
  if (minimum === undefined) return text(TYPES[type as keyof typeof TYPES]);
  return maximum === undefined
    ? text('anIntegerFrom', { minimum })
    : text('anIntegerBetween', { minimum, maximum });
}

const TYPES = {
  object: 'anObject',
  string: 'aString',
  integer: 'anInteger',
  boolean: 'aBoolean',
} as const;

function ofItems({ enum: values, type }: Schema): string {
  if (values) return text('ofValues', { list: list(values) });
  return type === 'string' ? text('ofStrings') : '';
}

function list(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function format(path: JsonPath): string {
  return (
    path.reduce<string>((name, key) => {
      if (typeof key === 'number') return `${name}[${key}]`;
      return name ? `${name}.${key}` : key;
    }, '') || text('theValue')
  );
}
