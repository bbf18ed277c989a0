import { join } from 'node:path';
import { injectProject } from '../../src/inject';
import { readConfiguration } from '../../src/inject/project/configuration';
import { cleanUpAfterTest } from '../support/cleanup';
import { readFiles, temporaryFolder } from '../support/files';
import { fakePackage } from './support';

const read = (text: string) =>
  readConfiguration(
    join(temporaryFolder({ 'servicemarket.config.json': text }), 'servicemarket.config.json'),
  );

describe('servicemarket.config.json', () => {
  test('accepts every key of configure(), and the schema for editors', () => {
    const configuration = {
      channels: ['cloud', 'bridge', 'relay'],
      relay: { url: 'https://relay.example.com/base' },
      cloud: { env: 'prod-1', function: 'serviceMarket' },
      limits: {
        messages: 3,
        messageTimeout: 1,
        repeats: 0,
        pollInterval: 0,
        transfers: 10,
        uploadTimeout: 5,
        uploadRate: 9,
        fileBytes: 8,
      },
      retries: { resend: true },
      prefer: 'shim',
      plugins: { a: 'all', b: [{ service: 'wx1', api: 'x', perMinute: 1 }, { service: 'wx2' }] },
    };
    expect(read(JSON.stringify({ $schema: './schema.json', ...configuration }))).toEqual(configuration);
    expect(read('{\n// nothing yet\n}')).toEqual({});
  });

  test.each([
    ['{\n "chanels": [] }', ':2:2: unknown key chanels; allowed: $schema, channels, relay,'],
    [
      '{"channels": ["bridge", "brigde"]}',
      ':1:25: channels[1] is "brigde"; allowed: one of "bridge", "relay", "cloud"',
    ],
    ['{"channels": []}', 'channels is []; allowed: an array that is not empty of "bridge", "relay", "cloud"'],
    ['{"channels": "bridge"}', 'channels is "bridge"; allowed: an array'],
    ['{"channels": ["bridge", "bridge"]}', 'channels[1] is named twice'],
    ['{"channels": ["relay"]}', 'the channel "relay" needs "relay": {"url"}'],
    ['{"channels": ["cloud"]}', 'the channel "cloud" needs "cloud": {"env", "function"}'],
    ['{"relay": {}}', 'relay.url is missing'],
    [
      '{"relay": {"url": "relay.example.com"}}',
      'relay.url is "relay.example.com"; allowed: a string that matches ^https?://',
    ],
    ...['https://a/b?c', 'https://a#b', 'https://a?b'].map((url) => [
      `{"relay": {"url": "${url}"}}`,
      `relay.url is "${url}"; allowed: a string that matches ^https?://`,
    ]),
    ['{"relay": {"url": "https://a", "credential": 1}}', 'unknown key relay.credential; allowed: url'],
    ['{"cloud": {"env": "", "function": "f"}}', 'cloud.env is ""; allowed: a string that is not empty'],
    ['{"limits": {"transfers": 11}}', 'limits.transfers is 11; allowed: an integer from 1 to 10'],
    ['{"limits": {"messages": 0}}', 'limits.messages is 0; allowed: an integer of at least 1'],
    ['{"limits": {"messages": 1.5}}', 'limits.messages is 1.5; allowed: an integer of at least 1'],
    ['{"limits": null}', 'limits is null; allowed: an object'],
    ['{"retries": {"resend": 1}}', 'retries.resend is 1; allowed: a boolean'],
    ['{"prefer": "both"}', 'prefer is "both"; allowed: one of "native", "shim"'],
    ['{"plugins": {"a": "none"}}', 'plugins.a is "none"; allowed: one of "all"'],
    ['{"plugins": {"a": 1}}', 'plugins.a is 1; allowed: "all" or an array'],
    ['{"plugins": {"a": [{"api": "x"}]}}', 'plugins.a[0].service is missing'],
    [
      '{"plugins": {"a": [{"service": "x", "perMinute": 6001}]}}',
      ':1:50: plugins.a[0].perMinute is 6001; allowed: an integer from 0 to 6000',
    ],
    ['{"toString": 1}', 'unknown key toString'],
    ['{"prefer": "shim"', ':1:18: close brace expected in JSON'],
  ])('refuses %s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  test('is named as whoever runs the command sees it: below the working folder by its path from there', () => {
    const folder = temporaryFolder({
      'a/servicemarket.config.json': '{',
      'b/..c/servicemarket.config.json': '{',
    });
    const messageOf = (path: string): string => {
      try {
        return JSON.stringify(readConfiguration(path));
      } catch (error) {
        return (error as Error).message;
      }
    };
    const before = process.cwd();
    cleanUpAfterTest(() => process.chdir(before));
    process.chdir(join(folder, 'a'));
    expect(messageOf(join(folder, 'a/servicemarket.config.json'))).toMatch(
      /: servicemarket\.config\.json:1:2: /,
    );
    const outside = join(folder, 'b/..c/servicemarket.config.json');
    expect(messageOf(outside)).toContain(`: ${outside}:1:2: `);
  });

  test('is found above an output folder, up to the first package.json', () => {
    const packageDir = fakePackage();
    const project = { 'app.json': '{"servicemarket":true}', 'app.js': '' };
    const channels = '{"channels":["relay"],"relay":{"url":"https://r"}}';
    const inside = Object.fromEntries(
      Object.entries(project).map(([name, text]) => [`dist/mp/${name}`, text]),
    );
    const root = temporaryFolder({ ...inside, 'package.json': '{}', 'servicemarket.config.json': channels });
    injectProject(join(root, 'dist/mp'), { packageDir });
    expect(readFiles(root)['dist/mp/servicemarket-compat.js']).toMatch(/^\S+ \S+ \S+ relay sha256/);
    const apart = temporaryFolder({ 'servicemarket.config.json': channels, 'p/package.json': '{}' });
    const other = temporaryFolder(project);
    injectProject(other, { packageDir, config: join(apart, 'servicemarket.config.json') });
    expect(readFiles(other)['servicemarket-compat.js']).toMatch(/ relay sha256/);
  });

  test('a change of it makes the copy stale', () => {
    const packageDir = fakePackage();
    const root = temporaryFolder({ 'app.json': '{"servicemarket":true}', 'app.js': '' });
    injectProject(root, { packageDir });
    const config = { prefer: 'shim' as const };
    expect(injectProject(root, { packageDir, config, check: true })).toMatchObject({
      status: 'stale',
      changed: ['servicemarket-compat.js'],
      notes: [{ path: 'servicemarket-compat.js', text: 'has another configuration' }],
    });
    expect(injectProject(root, { packageDir: fakePackage('2.0.0'), check: true }).notes).toEqual([
      { path: 'servicemarket-compat.js', text: 'is version 1.0.0, the package is 2.0.0' },
    ]);
    expect(injectProject(root, { packageDir, config }).status).toBe('injected');
    expect(injectProject(root, { packageDir, config, check: true }).status).toBe('current');
  });
});
