import Ajv from 'ajv';
import { fc } from '../support/random';
import { findFault, type Schema } from '../../src/json';
import schema from '../../src/inject/servicemarket.config.schema.json';

const validate = new Ajv({ allErrors: false }).compile(schema);

const anything = fc.oneof(
  fc.constantFrom(null, true, 0, 1, 11, 1.5, -1, '', 'x', 'all', 'bridge', 'https://r', [], {}, [
    'bridge',
    'bridge',
  ]),
  fc.jsonValue({ maxDepth: 1 }),
);
const maybe = (good: fc.Arbitrary<unknown>) =>
  fc.oneof({ arbitrary: good, weight: 60 }, { arbitrary: anything, weight: 1 });
const record = (model: Record<string, fc.Arbitrary<unknown>>) =>
  maybe(
    fc
      .tuple(
        fc.record(model, { requiredKeys: [] }),
        fc.constantFrom(...Array<string>(20).fill(''), 'other', 'toString'),
      )
      .map(([value, extra]) => (extra ? { ...value, [extra]: 1 } : value)),
  );
const text = maybe(fc.constantFrom('a', 'b'));
const count = maybe(fc.integer({ min: 0, max: 12 }));

const configuration = record({
  $schema: text,
  channels: maybe(fc.array(maybe(fc.constantFrom('bridge', 'relay', 'cloud')), { maxLength: 4 })),
  relay: record({
    url: maybe(
      fc.constantFrom('https://r.example/x y', 'http://r', 'https://r/a?b', 'https://r:1/x', 'ftp://r'),
    ),
  }),
  cloud: record({ env: text, function: text }),
  limits: record({ messages: count, pollInterval: count, transfers: count, repeats: count }),
  retries: record({ resend: maybe(fc.boolean()) }),
  prefer: maybe(fc.constantFrom('native', 'shim')),
  plugins: maybe(
    fc.dictionary(
      fc.constantFrom('p', 'q'),
      maybe(
        fc.oneof(
          fc.constant('all'),
          fc.array(record({ service: text, api: text, perMinute: count }), { maxLength: 2 }),
        ),
      ),
    ),
  ),
});

test('the validator and Ajv agree about every configuration', () => {
  const verdicts = { good: 0, bad: 0 };
  fc.assert(
    fc.property(configuration, (value) => {
      const json: unknown = JSON.parse(JSON.stringify(value));
      const good = validate(json);
      verdicts[good ? 'good' : 'bad']++;
      expect({ good: findFault(schema as Schema, json) === undefined, json }).toEqual({ good, json });
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(verdicts.good, verdicts.bad)).toBeGreaterThan(50);
});
