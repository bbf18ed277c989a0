import sax from 'sax';
import { createPushReader, type PushOptions, type PushReader, PushRefusal } from './push-reader';

/**
 * Reads what the platform pushes to an app's server, as JSON or as XML, plain or encrypted.
 *
 * @throws TypeError that names the option which is missing or wrong
 * @example
 * const pushes = createPushReader({ appid, token, encodingAESKey });
 * const { message } = pushes.read(query, body); // throws for what is not the platform's
 */
export function createXmlPushReader(options: PushOptions): PushReader {
  return createPushReader(options, readXml);
}

/** Bounds of a message, which is flat but for a few events. */
const MAX_DEPTH = 8;
const MAX_ELEMENTS = 500;

type Fields = Record<string, unknown>;

/**
 * Reads the platform's XML: elements and text, no attributes. A document type, and with it any entity that is declared,
 * is refused.
 *
 * @returns the root's elements by name: strings, or fields of their own; a list where a name occurs more than once
 * @throws PushRefusal
 */
function readXml(xml: string): Fields {
  const parser = sax.parser(true, { trim: false });
  const root = newFields();
  const open: { name: string; text: string; fields?: Fields }[] = [];
  let elements = 0;

  parser.onerror = () => refuse('it is no XML');
  parser.ondoctype = () => refuse('its XML has a document type');
  parser.onsgmldeclaration = () => refuse('its XML has a declaration');
  parser.onopentag = ({ name }) => {
    if (++elements > MAX_ELEMENTS || open.length >= MAX_DEPTH) refuse('its XML has too many elements');
    open.push({ name, text: '' });
  };
  parser.ontext = parser.oncdata = (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  };
  parser.onclosetag = () => {
    const { name, text, fields } = open.pop() as (typeof open)[number];
    const parent = open.at(-1);
    const target = parent ? (parent.fields ??= newFields()) : root;
    addField(target, name, fields ?? text);
  };
  parser.write(xml).close();
  const { xml: message } = root;
  if (typeof message !== 'object' || message === null) return refuse('its XML has no fields');
  return message as Fields;
}

/** Without a prototype, so that no name is special. */
function newFields(): Fields {
  return Object.create(null) as Fields;
}

function addField(fields: Fields, name: string, value: unknown): void {
  const earlier = fields[name];
  fields[name] = earlier === undefined ? value : [earlier, value].flat();
}

function refuse(cause: string): never {
  throw new PushRefusal(cause);
}
