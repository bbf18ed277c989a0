/**
 * Whether contents arrive byte by byte: the built runtime runs as a file of an app, uploads contents of many lengths over
 * each route, and calls a service. The same on a real library and on the simulator's row.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type ContentServer, RELAY } from './content-server';
import { CLOUD_FUNCTION, PHOTO } from './world';

/** How contents go: to a relay, to one that does not say what it has stored, or to the cloud's storage. */
export const ROUTES = ['relay', 'older relay', 'cloud'] as const;
export type Route = (typeof ROUTES)[number];

/** What became of one content. */
export interface Delivery {
  /** Each upload: its content type and the status of the answer, or `file`. */
  sent: string[];
  /** Whether what was stored last is the content, byte by byte. */
  hasArrived: boolean;
  /** The service's answer, or the error. */
  outcome: string;
  /** How often the service was called. */
  calls: number;
}

/** A phone that runs files of an app. */
export interface Phone {
  hasCloud: boolean;
  server: ContentServer;
  /** Runs source as a file of the app. @returns its exports */
  module(source: string): unknown;
  /** Lets ms of host time pass. */
  pass(ms: number): Promise<void>;
}

const BUNDLE = path.join(__dirname, '../../dist/servicemarket-compat.min.js');
/** Longer than the largest content takes. */
const PATIENCE_MS = 60_000;
const LENGTHS = [0, 1, 19, 20, 21, 256, 1024, 102_400, 4_194_304];
const TEXTS = ['', 'a', 'ä€\ud834\udd1e\ufffd', 'x€'.repeat(30_000)];

/** From 256 bytes on every value comes. */
const byteAt = 'function byteAt(index) { return (index * 7 + (index >> 8)) & 255 }';

/** A content: page code that returns it, and its bytes. */
interface Content {
  code: string;
  bytes: Buffer;
}

/** The same function as the page's. */
const bytesOfLength = (length: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 255));

const CONTENTS: [name: string, content: Content][] = [
  ...LENGTHS.map((length): [string, Content] => [
    `${length} bytes`,
    {
      code: `${byteAt} var bytes = new Uint8Array(${length}); for (var i = 0; i < ${length}; i++) bytes[i] = byteAt(i); return bytes.buffer`,
      bytes: bytesOfLength(length),
    },
  ]),
  ...TEXTS.map((text): [string, Content] => [
    `a text of ${text.length}`,
    { code: `return ${JSON.stringify(text)}`, bytes: Buffer.from(text) },
  ]),
  [
    'a file',
    { code: `return { type: 'filePath', filePath: '${PHOTO.path}' }`, bytes: Buffer.from(PHOTO.bytes) },
  ],
];

type Send = (shim: unknown, end: (outcome: string) => void) => void;

const sendingModule = (code: string, config: object): string => `module.exports = function (shim, end) {
  function content() { ${code} }
  shim.configure(${JSON.stringify(config)});
  shim.invokeService({ service: 'S', api: 'A', data: { content: new shim.CDN(content()) } }).then(
    function (result) { end(result.data); },
    function (error) { end(error.billing + ' ' + error.message); }
  );
}`;

/** Uploads each content over a route, one after the other in one app. */
async function deliver(phone: Phone, route: Route): Promise<Record<string, Delivery>> {
  const { server } = phone;
  server.knowsSizes = route !== 'older relay';
  const config = {
    prefer: 'shim',
    channels: [route === 'cloud' ? 'cloud' : 'relay'],
    relay: { url: RELAY },
    cloud: { env: 'env-1', function: CLOUD_FUNCTION },
  };
  const shim = phone.module(fs.readFileSync(BUNDLE, 'utf8'));
  const deliveries: Record<string, Delivery> = {};
  for (const [name, { code, bytes }] of CONTENTS) {
    Object.assign(server, { stored: undefined, calls: 0 });
    server.sent.length = 0;
    let outcome = 'nothing';
    const send = phone.module(sendingModule(code, config)) as Send;
    send(shim, (said) => (outcome = said));
    await phone.pass(PATIENCE_MS);
    const hasArrived = server.stored !== undefined && bytes.equals(server.stored);
    deliveries[name] = { sent: [...server.sent], hasArrived, outcome, calls: server.calls };
  }
  return deliveries;
}

/** Deliveries by route, of those that the phone has. */
export type Deliveries = Partial<Record<Route, Record<string, Delivery>>>;

/** @param open - opens a phone for each route */
export async function deliverAll(
  open: () => Promise<Phone & { close(): Promise<void> }>,
): Promise<Deliveries> {
  const deliveries: Deliveries = {};
  for (const route of ROUTES) {
    const phone = await open();
    if (route !== 'cloud' || phone.hasCloud) deliveries[route] = await deliver(phone, route);
    await phone.close();
  }
  return deliveries;
}

/** Whether a content arrived as it is, or its call failed unpaid. */
export const isFaithful = ({ hasArrived, outcome, calls }: Delivery): boolean =>
  hasArrived ? outcome === 'done' && calls === 1 : outcome.startsWith('none ') && calls === 0;
