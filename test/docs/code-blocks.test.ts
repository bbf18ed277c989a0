/**
 * Every code block of the documentation is read by its language's own parser, in both languages. Those that are run
 * or type-checked besides are in samples.test.ts, facts.test.ts and the tests of plugins, typings and the test kit.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import ts from 'typescript';
import { parse as parseComponent } from 'vue/compiler-sfc';
import { documentPages, readDocument } from '../support/documents';

interface Block {
  place: string;
  language: string;
  code: string;
}

const PAGES = [
  'README.md',
  'README.zh-CN.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'demo-miniprogram/README.md',
  ...documentPages(['.', 'en', 'zh']),
];

/** The fenced blocks of a page, also those in lists, without the list's indentation. */
function blocksOf(page: string): Block[] {
  return [...readDocument(page).matchAll(/^( *)```(\w*)\n([^]*?)^ *```$/gm)].map(
    ([before, indent, language, code], index) => ({
      place: `${page}, block ${index + 1}: ${before.split('\n')[1] ?? ''}`,
      language,
      code: code.replace(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

function faultOfScript(code: string, extension: string): string | null {
  const { diagnostics = [] } = ts.transpileModule(code, {
    fileName: `sample.${extension}`,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      jsx: ts.JsxEmit.Preserve,
    },
  });
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))[0] ?? null;
}

function faultOfComponent(code: string): string | null {
  const { descriptor, errors } = parseComponent(code);
  const script = descriptor.scriptSetup ?? descriptor.script;
  return errors[0]?.message ?? (script ? faultOfScript(script.content, 'js') : null);
}

function faultOfJson(code: string): string | null {
  try {
    JSON.parse(code);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function faultOfShell(code: string): string | null {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: code, encoding: 'utf8' });
  return status === 0 ? null : stderr;
}

/** Redis reads a name and its arguments from each line. */
function faultOfRedis(code: string): string | null {
  return code.split('\n').every((line) => /^([a-z-]+ \S+)?$/.test(line)) ? null : 'no configuration of Redis';
}

const FAULT_OF: Record<string, (code: string) => string | null> = {
  js: (code) => faultOfScript(code, 'js'),
  jsx: (code) => faultOfScript(code, 'jsx'),
  ts: (code) => faultOfScript(code, 'ts'),
  json: faultOfJson,
  sh: faultOfShell,
  html: (code) => faultOfComponent(`<template>${code}</template>`),
  vue: faultOfComponent,
  redis: faultOfRedis,
};

function faultsOfDiagrams(blocks: Block[]): (string | null)[] {
  const script = path.join(__dirname, 'support/parse-diagrams.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [script], {
    input: JSON.stringify(blocks.map(({ code }) => code)),
    encoding: 'utf8',
  });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout) as (string | null)[];
}

const BLOCKS = PAGES.flatMap(blocksOf);
const DIAGRAMS = BLOCKS.filter(({ language }) => language === 'mermaid');
const CODE = BLOCKS.filter(({ language }) => language !== 'mermaid');

const countIn = (pages: RegExp): number => BLOCKS.filter(({ place }) => pages.test(place)).length;
process.stderr.write(
  `Code blocks: ${BLOCKS.length}, ${countIn(/^(README\.md|docs\/en)/)} in English pages, ` +
    `${countIn(/^(README\.zh|docs\/zh)/)} in Chinese pages, the rest for insiders\n`,
);

test('every code block says its language', () => {
  const unknown = CODE.filter(({ language }) => !(language in FAULT_OF));
  expect(unknown.map(({ place, language }) => `${place} ${language}`)).toEqual([]);
});

test.each(Object.keys(FAULT_OF))('every block of %s is one', (language) => {
  const blocks = CODE.filter((block) => block.language === language);
  const faults = blocks.flatMap(({ place, code }) => {
    const fault = FAULT_OF[language](code);
    return fault === null ? [] : [`${place} ${fault}`];
  });
  expect(faults).toEqual([]);
  expect(blocks.length).toBeGreaterThan(0);
});

test('every diagram is one', () => {
  const faults = faultsOfDiagrams(DIAGRAMS);
  expect(faults).toHaveLength(DIAGRAMS.length);
  expect(faults.flatMap((fault, index) => (fault ? [`${DIAGRAMS[index].place} ${fault}`] : []))).toEqual([]);
  expect(DIAGRAMS.length).toBeGreaterThan(0);
});
