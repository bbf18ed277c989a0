import { transform } from 'sucrase';

/** A statement of an ES module; `import()` is an expression. */
const MODULE_SYNTAX = /(^|[;}])\s*(import|export)\s*(?=[\s{*"'])(?!\()/m;

/**
 * What the developer tools make of a source: a CommonJS script without types. Lines stay where they are, so that the
 * places that errors name are those of the source. Syntax is not lowered.
 *
 * The only file that knows the compiler.
 *
 * @throws Error that names the file and the place of what cannot be read
 */
export function toScript(source: string, file: string): string {
  const isTypeScript = file.endsWith('.ts');
  if (!isTypeScript && !MODULE_SYNTAX.test(source)) return source;
  try {
    return transform(source, {
      transforms: isTypeScript ? ['typescript', 'imports'] : ['imports'],
      disableESTransforms: true,
      preserveDynamicImport: true,
    }).code;
  } catch (error) {
    throw new Error(`Failed to read ${file}: ${(error as Error).message}.`, { cause: error });
  }
}
