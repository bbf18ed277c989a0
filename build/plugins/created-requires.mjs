/**
 * Lets the build see what a bundled package loads by `createRequire`: such a call becomes an import, or it would
 * look for the package where ours is installed.
 *
 * @param isBundled - whether a module is built in
 */
export const createdRequires = (isBundled) => ({
  name: 'created-requires',
  transform(code, id) {
    if (!id.includes('node_modules') || !code.includes('createRequire(')) return null;
    const imports = [];
    const replaced = code.replace(/\b(?:__)?require\("([^"]+)"\)/g, (call, name) => {
      if (!isBundled(name)) return call;
      imports.push(`import required${imports.length} from ${JSON.stringify(name)};\n`);
      return `required${imports.length - 1}`;
    });
    return imports.length ? { code: imports.join('') + replaced, map: null } : null;
  },
});
