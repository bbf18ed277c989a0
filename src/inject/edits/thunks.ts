import { toLiteral } from './literal';

/**
 * The object literal that lets the runtime require plugins when it wants to. Each call is spelt out, because the
 * platform's tools look for `requirePlugin` with a literal.
 *
 * @param names - as the manifest declares them
 * @returns an ES5 expression
 */
export function pluginThunks(names: string[]): string {
  const thunks = names.map(toLiteral).map((name) => `${name}:function(){return requirePlugin(${name})}`);
  return `{${thunks.join(',')}}`;
}
