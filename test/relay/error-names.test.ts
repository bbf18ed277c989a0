import { RelayError } from '../../src/invocation';
import { JsonSyntaxError } from '../../src/json';
import { OpenApiError, PushRefusal } from '../../src/openapi';
import { VaultError } from '../../src/openapi/component/vault';
import { ExchangeError } from '../../src/openapi/exchange';

// Owners tell errors apart by their names: two copies of a package have two classes.
test.each([
  ['OpenApiError', new OpenApiError('a.b', 'why.', { billing: 'none' })],
  ['PushRefusal', new PushRefusal('why')],
  ['VaultError', new VaultError('why')],
  ['ExchangeError', new ExchangeError('ECONNRESET', true)],
  ['RelayError', new RelayError(400, 'why')],
  ['JsonSyntaxError', new JsonSyntaxError('why', { file: 'a.json' })],
])('an error of the class %s has its name', (name, error) => {
  expect(error.name).toBe(name);
  expect(error).toBeInstanceOf(Error);
});
