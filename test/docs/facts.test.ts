/** What the documentation says in tables and links, held to the code. */
import { UPLOAD_NEEDS, uploadNeeds } from '../../src/runtime/channels/host-needs';
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import unicloudSettings from '../../src/functions/unicloud/settings.json';
import { DEFAULT_LIMITS, errcodeOf } from '../../src/invocation';
import * as protocol from '../../src/protocol';
import { readConfiguration } from '../../src/inject/project/configuration';
import { loadRelayConfig, startRelay } from '../../src/relay';
import relaySchema from '../../src/relay/config/relay.config.schema.json';
import { readDocument as read, relayDefaults, tableRows as rows } from '../support/documents';
import { ROOT, temporaryFolder } from '../support/files';
import { samplesOf } from '../support/samples';

const READMES = ['README.md', 'README.zh-CN.md'];
const DOCUMENTS = [...READMES, 'CHANGELOG.md', 'CONTRIBUTING.md', ...inDocs()];

function inDocs(): string[] {
  const names = fs.readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /^(en\/|zh\/)?[\w-]+\.(md|json)$/.test(name)).map((name) => `docs/${name}`);
}

/** The sample that has a text in it, as a file. @returns its path */
function sampleIn(name: string, document: string, text: string): string {
  const [{ code }] = samplesOf(document).filter((sample) => sample.code.includes(text));
  const folder = temporaryFolder({ [name]: code });
  return path.join(folder, name);
}

/** A heading's fragment, as GitHub makes it. */
function fragmentOf(heading: string): string {
  const kept = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
  return kept.trim().replace(/\s/g, '-');
}

function fragmentsOf(document: string): string[] {
  return [...read(document).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => fragmentOf(heading));
}

test.each(DOCUMENTS)('every link of %s leads somewhere', (document) => {
  const links = [...read(document).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
  const broken = links.filter(([, file, fragment]) => {
    const target = file ? path.join(path.dirname(document), file) : document;
    if (!fs.existsSync(path.join(ROOT, target))) return true;
    return fragment !== undefined && !fragmentsOf(target).includes(decodeURI(fragment));
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});

test.each(['CONTRIBUTING.md', 'docs/design.md', 'docs/decisions.md'])(
  'every file that %s names is there',
  (document) => {
    const names = [
      ...read(document).matchAll(/`((?:src|test|build|docs|bench|demo-miniprogram)\/[^`\s]*)`/g),
    ];
    // `{a,b}.ts` stands for two files; a name in capitals for any.
    const files = names.flatMap(([, name]) => {
      const [, before, list, after] = /^(.*)\{(.*)\}(.*)$/.exec(name) ?? [];
      return list === undefined ? [name] : list.split(',').map((part) => before + part + after);
    });
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !/[A-Z]{4}/.test(file) && !fs.existsSync(path.join(ROOT, file)))).toEqual(
      [],
    );
  },
);

test.each(DOCUMENTS)('%s and what it links to are in the package', (document) => {
  const { files } = JSON.parse(read('package.json')) as { files: string[] };
  const isPacked = (file: string): boolean =>
    ['README.md', 'LICENSE', ...files].some((packed) => file === packed || file.startsWith(`${packed}/`));
  const links = [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)];
  const targets = links.map(([, file]) => path.join(path.dirname(document), file));
  expect([document, ...targets].filter((file) => !isPacked(file))).toEqual([]);
});

test.each(['docs/en/configuration.md', 'docs/zh/configuration.md'])(
  '%s has every limit with its default',
  (document) => {
    const names = new RegExp(`^\`(${Object.keys(protocol.LIMITS).join('|')})\`$`);
    const table = rows(document, names).map(([name, , value]) => [name.slice(1, -1), Number(value)]);
    expect(Object.fromEntries(table)).toEqual(protocol.LIMITS);
  },
);

test.each(['docs/en/errors.md', 'docs/zh/errors.md'])('%s says what each own code stands for', (document) => {
  const codes = Object.entries(protocol).flatMap(([name, code]) => (/^ERR_/.test(name) ? [code] : []));
  const documented = rows(document, /^(-\d|\d{3}\b)/).flatMap(([cell]) => cell.match(/-?\d+/g)?.map(Number));
  expect(new Set(documented)).toEqual(new Set(codes));
});

test.each(['docs/en/configuration.md', 'docs/zh/configuration.md'])(
  '%s configures what inject accepts',
  (document) => {
    const file = sampleIn('servicemarket.config.json', document, '$schema');
    expect(readConfiguration(file)).toMatchObject({ channels: ['bridge', 'relay'] });
  },
);

test.each(['docs/en/h5.md', 'docs/zh/h5.md'])('%s configures a relay that starts', async (document) => {
  const file = sampleIn('relay.config.json', document, '"users"');
  const env = { WX_APPID: 'wx0123456789abcdef', WX_SECRET: 'secret', RELAY_JWT_SECRET: 'j'.repeat(32) };
  const relay = await startRelay({ ...(await loadRelayConfig(file, { port: 0, env })), logger: false });
  await relay.close();
  expect(relay.url).toBe('https://relay.example.com');
});

test.each(['docs/en/native.md', 'docs/zh/native.md'])(
  '%s gives the sizes of what was built, to half a kilobyte',
  (document) => {
    const SHIPPED = [
      'dist/compat/bridge.min.js',
      'dist/servicemarket-compat.min.js',
      'miniprogram_dist/index.js',
      'miniprogram_dist/plugin.js',
    ];
    const numbers = [...read(document).matchAll(/\| ([\d.]+) kB +\| ([\d.]+) kB +\|$/gm)];
    const stated = numbers.map(([, minified, gzipped]) => [Number(minified), Number(gzipped)]);
    expect(stated).toHaveLength(SHIPPED.length);
    SHIPPED.forEach((file, index) => {
      const code = fs.readFileSync(path.join(ROOT, file));
      const sizes = [code.length / 1000, gzipSync(code, { level: 9 }).length / 1000];
      sizes.forEach((size, column) => {
        const difference = Math.abs(stated[index][column] - size);
        expect({ file, size, isNear: difference <= 0.5 }).toEqual({ file, size, isNear: true });
      });
    });
  },
);

interface SchemaNode {
  default?: unknown;
  properties?: Record<string, SchemaNode>;
}

/** Every key of a schema that can be set, with its default as JSON. */
function leavesOf({ properties = {} }: SchemaNode, prefix = ''): [string, string][] {
  return Object.entries(properties).flatMap(([name, node]): [string, string][] => {
    if (name === '$schema') return [];
    if (node.properties) return leavesOf(node, `${prefix}${name}.`);
    return [[prefix + name, node.default === undefined ? '' : JSON.stringify(node.default)]];
  });
}

test('docs/en/other-hosts.md has the table of what hosts want that the runtime uses', () => {
  const table = rows('docs/en/other-hosts.md', /^[A-Z]/).filter(
    (cells) => cells.length === 5 && cells[0] !== 'host',
  );
  const needs = Object.entries(UPLOAD_NEEDS).map(([parameter, { host, since, source }]) => [
    host,
    '`uploadFile`',
    `\`${parameter}\``,
    since,
    source,
  ]);
  expect(table).toEqual(needs);
  expect(Object.keys(uploadNeeds('a.png'))).toEqual(Object.keys(UPLOAD_NEEDS));
});

test.each(['docs/en/deploy.md', 'docs/zh/deploy.md'])(
  '%s has every key of relay.config.json with its default',
  (document) => {
    const keys = leavesOf(relaySchema as SchemaNode);
    expect(relayDefaults(document)).toEqual(keys);
  },
);

test.each(['docs/en/deploy.md', 'docs/zh/deploy.md'])(
  '%s has the errcode of every status that is refused with',
  (document) => {
    const table = rows(document, /^\d{3}\b/).flatMap(([statuses, errcode]) =>
      (statuses.match(/\d+/g) ?? []).map((status) => [status, Number(errcode)]),
    );
    expect(table.length).toBeGreaterThan(10);
    expect(table).toEqual(table.map(([status]) => [status, errcodeOf(Number(status))]));
  },
);

test("the schema's limits of users, and those that `init unicloud` writes, are the defaults", () => {
  const { properties } = relaySchema.properties.limits;
  const inSchema = Object.entries(properties).map(([name, { default: value }]) => [name, value]);
  expect(Object.fromEntries(inSchema)).toEqual(DEFAULT_LIMITS);
  // The document says that phones and servers have the same limit of a file.
  const maxFileSize = protocol.LIMITS.fileBytes;
  expect(relaySchema.properties.maxFileSize.default).toBe(maxFileSize);
  expect(unicloudSettings).toMatchObject({ ...DEFAULT_LIMITS, maxFileSize });
});

describe('the index of errors', () => {
  const INDEXES = ['docs/en/errors.md', 'docs/zh/errors.md'];
  /** The code in the first two cells of each row: a code and its text, or a text and its cause. */
  const entriesOf = (document: string): string[][] =>
    rows(document, /`/).map((cells) => {
      const spans = [
        ...cells
          .slice(0, 2)
          .join(' ')
          .matchAll(/`([^`]+)`/g),
      ];
      return spans.map(([, entry]) => entry).sort();
    });

  test.each(INDEXES)('%s has what users meet, each with its cause and what to do', (document) => {
    const entries = entriesOf(document).flat();
    const own = Object.entries(protocol).flatMap(([name, code]) =>
      /^ERR_/.test(name) ? [String(code)] : [],
    );
    const met = ['9301002', '9301008', '9301010', '45009', '48001', 'unknown scene undefined', '600002'];
    // -2 is no cause: its texts are listed.
    const missing = [...own, ...met].filter((entry) => entry !== '-2' && !entries.includes(entry));
    expect(missing).toEqual([]);
    expect(entries).toContain('无效的 app.json ["servicemarket"]');
    expect(rows(document, /`/).filter((cells) => cells.some((cell) => cell === ''))).toEqual([]);
  });

  test('is the same in both languages', () => {
    expect(entriesOf(INDEXES[1])).toEqual(entriesOf(INDEXES[0]));
  });

  test.each([
    ['not in this build', 'src/runtime'],
    ['relay.url is not configured', 'src/runtime'],
    ['set relay.credential', 'src/runtime'],
    ['relay answered ', 'src/runtime'],
    ['Failed to set wx.serviceMarket', 'src/runtime'],
    ['reach max api daily quota limit', 'src/simulator'],
  ])('the text "%s" is one of %s', (text, zone) => {
    const files = fs.readdirSync(path.join(ROOT, zone), { recursive: true, withFileTypes: true });
    const sources = files
      .filter((file) => file.isFile() && file.name.endsWith('.ts'))
      .map((file) => fs.readFileSync(path.join(file.parentPath, file.name), 'utf8'));
    expect(sources.filter((source) => source.includes(text))).not.toEqual([]);
    for (const document of INDEXES) expect(read(document)).toContain(text.trim());
  });
});
