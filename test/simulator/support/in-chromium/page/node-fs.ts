/** `node:fs` as suites use it, in the page: files are texts in memory. */
declare const FILES: Record<string, string>;

/** By absolute path; those of the project that suites read are there from the start. */
export const texts = new Map(Object.entries(FILES));
let folders = 0;

export default {
  mkdtempSync: (prefix: string): string => `${prefix}${++folders}`,
  mkdirSync(): void {},
  writeFileSync: (file: string, text: string): void => void texts.set(file, text),
  // A function of the page's own realm too: tests reach its Function through it.
  readFileSync: (file: string): string | undefined => texts.get(file),
  rmSync(folder: string): void {
    for (const file of [...texts.keys()]) if (file.startsWith(`${folder}/`)) texts.delete(file);
  },
};
