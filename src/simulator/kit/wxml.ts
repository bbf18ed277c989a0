import type { TmplGroup } from 'glass-easel-template-compiler';
import type { Machine } from '../host/machine';
import type { Any } from '../types';

/** An attribute that binds a handler, without the colon that the compiler wants. */
const BINDING = /(\s)(capture-bind|capture-catch|mut-bind|bind|catch)(?!:)([a-z][\w-]*)(?=\s*=)/gi;

/** A two-way binding, of which a plain element knows nothing: the path goes into an attribute. */
const MODEL = /\smodel:([\w-]+)\s*=\s*(["'])\{\{\s*([\w.[\]]+)\s*\}\}\2/g;
export const MODEL_ATTRIBUTE = 'servicemarket-model';

const TAG = /<([\w-]+)((?:\s+[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*)\s*\/?>/g;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** What the compiler says of a template; lines and columns count from 0. */
interface Remark {
  isError: boolean;
  message: string;
  startLine: number;
  startColumn: number;
}

/** The template of a page and of what it includes, as the renderer wants it. */
export interface CompiledTemplate {
  groupList: Any;
  content: Any;
}

/**
 * Compiles the `.wxml` of a page with what it imports, includes and computes with (`.wxs`).
 *
 * @throws Error that names the file, line and column of a mistake
 */
export function compileWxml(
  machine: Machine,
  compiler: { TmplGroup: new () => TmplGroup },
  root: string,
  page: string,
): CompiledTemplate {
  const { files } = machine;
  const group = new compiler.TmplGroup();
  const added = new Set<string>();
  const read = (path: string, extension: string): string | undefined => {
    if (added.has(path + extension)) return undefined;
    added.add(path + extension);
    const file = files.resolve(root, `${path}${extension}`);
    if (files.exists(file)) return files.read(file);
    throw new Error(`Failed to read ${page}.wxml: there is no ${path}${extension}.`);
  };
  (function add(path: string): void {
    const source = read(path, '.wxml');
    if (source === undefined) return;
    const remarks = group.addTmpl(path, normalized(source)) as Remark[];
    const mistake = remarks.find(({ isError }) => isError);
    if (mistake) {
      const { startLine, startColumn, message } = mistake;
      throw new Error(`Failed to read ${path}.wxml:${startLine + 1}:${startColumn + 1}: ${message}.`);
    }
    group.getDirectDependencies(path).forEach(add);
    for (const script of group.getScriptDependencies(path)) {
      const code = read(script, '.wxs');
      if (code !== undefined) group.addScript(script, code);
    }
  })(page);
  // The compiler writes an expression; that is how its own loaders run it.
  const groupList = new Function(`return ${group.getTmplGenObjectGroups()}`)() as Any;
  group.free();
  return { groupList, content: groupList[page] as unknown };
}

function normalized(source: string): string {
  return source.replace(BINDING, '$1$2:$3').replace(MODEL, ` $1="{{$3}}" ${MODEL_ATTRIBUTE}="$3"`);
}

/** A tag as it is written. */
interface WrittenTag {
  name: string;
  attributes: Map<string, string>;
}

function tagsOf(source: string): WrittenTag[] {
  return [...source.matchAll(TAG)].map(([, name = '', text = '']) => ({
    name,
    attributes: new Map(
      [...text.matchAll(ATTRIBUTE)].map(([, key = '', double, single]) => [key, double ?? single ?? '']),
    ),
  }));
}

/** The handler that the tag with an id or a class is written with, for errors; undefined where none can be told. */
export function writtenHandler(source: string, selector: string, type: string): string | undefined {
  const [, kind, name = ''] = /([#.])([\w-]+)[^#.]*$/.exec(selector) ?? [];
  const tag = tagsOf(source).find(({ attributes }) =>
    kind === '#'
      ? attributes.get('id') === name
      : (attributes.get('class') ?? '').split(/\s+/).includes(name),
  );
  const binding = RegExp(`^(capture-bind|capture-catch|mut-bind|bind|catch):?${type}$`);
  return [...(tag?.attributes ?? [])].find(([key]) => binding.test(key))?.[1];
}
