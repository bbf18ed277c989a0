/** The errors of the command: what failed, why, and what to do. */
import { currentLanguage, fill } from './language';
import type { Bilingual, Values } from './language';
import { OWNER_ERRORS } from './owners';
import { RELAY_ERRORS } from './relay';

/** What failed (after "Failed to", before "失败"), why, and what to do, without final stops. */
type ErrorText = readonly [act: string, cause: string, fix: string];

/** The table itself, by the error's name. */
export const ERRORS = {
  ...RELAY_ERRORS,
  ...OWNER_ERRORS,
  noFolder: {
    en: ['find the project', '{{path}} is no folder', "Name the project's folder"],
    zh: ['查找项目', '{{path}} 不是文件夹', '请给出项目所在的文件夹'],
  },
  manifestMissing: {
    en: ['find the project', '{{path}} is missing', "Name the project's folder, or its build's output"],
    zh: ['查找项目', '缺少 {{path}}', '请给出项目的文件夹，或构建输出的文件夹'],
  },
  noProject: {
    en: [
      'find the project',
      'no project.config.json, app.json, game.json or plugin.json here',
      "Name the project's folder, or its build's output",
    ],
    zh: [
      '查找项目',
      '这里没有 project.config.json、app.json、game.json 或 plugin.json',
      '请给出项目的文件夹，或构建输出的文件夹',
    ],
  },
  brokenJson: {
    en: ['read the project', '{{problem}}', 'Correct the file'],
    zh: ['读取项目', '{{problem}}', '请修正该文件'],
  },
  notUtf8: {
    en: ['read the project', 'the file is not UTF-8', 'Save it as UTF-8'],
    zh: ['读取项目', '文件不是 UTF-8 编码', '请存为 UTF-8'],
  },
  linkLoop: {
    en: ['read the project', 'a symbolic link leads to its own folder', 'Remove it'],
    zh: ['读取项目', '符号链接指向它自己所在的文件夹', '请删除它'],
  },
  configurationUnreadable: {
    en: ['read the configuration', 'it cannot be read', 'Name another file'],
    zh: ['读取配置', '文件无法读取', '请换一个文件'],
  },
  configurationWrong: {
    en: ['read the configuration', '{{cause}}', 'Correct it'],
    zh: ['读取配置', '{{cause}}', '请修正'],
  },
  entryMissing: {
    en: ['inject', '{{path}} is missing', 'Create it or correct "entry"'],
    zh: ['注入', '缺少 {{path}}', '请创建它，或修正 "entry"'],
  },
  folderMissing: {
    en: [
      'inject',
      'the folder {{folder}} is missing',
      'Create it with its pages, or take it out of the manifest',
    ],
    zh: ['注入', '缺少文件夹 {{folder}}', '请连同其页面一起创建，或从清单中去掉'],
  },
  endlessHashbang: {
    en: ['inject', 'the file is a hashbang line without an end', 'End the line'],
    zh: ['注入', '文件只有一行没有换行的 hashbang', '请在行尾换行'],
  },
  nameTaken: {
    en: [
      'inject',
      'a file of that name exists and is not ours',
      'Rename it: the injected file has this name',
    ],
    zh: ['注入', '已有同名文件，且不是本工具写入的', '请给它改名：注入的文件要用这个名字'],
  },
  linkLeadsOut: {
    en: [
      'inject',
      'it is a symbolic link to {{target}}, outside the project',
      'Use --out DIR, which leaves the sources as they are',
    ],
    zh: ['注入', '这是指向项目之外（{{target}}）的符号链接', '请使用 --out DIR，源文件保持不变'],
  },
  readOnly: {
    en: ['inject', 'the file is read-only', 'Make it writable, or use --out DIR'],
    zh: ['注入', '文件是只读的', '请改为可写，或使用 --out DIR'],
  },
  manifestOptionMissing: {
    en: [
      'inject',
      'the option "manifest" names no file',
      "Name app.json or game.json, relative to the bundler's root",
    ],
    zh: ['注入', '选项 "manifest" 指向的文件不存在', '请给出 app.json 或 game.json 相对构建根目录的路径'],
  },
  unknownOption: {
    en: ['make the plugin', 'there is no option "{{name}}"', 'Known are {{known}}'],
    zh: ['创建插件', '没有名为 "{{name}}" 的选项', '可用的选项：{{known}}'],
  },
  writeFailed: {
    en: ['write', '{{reason}}', 'Nothing was changed; free or unlock it and run again'],
    zh: ['写入', '{{reason}}', '没有改动任何文件；请腾出空间或解除占用后重试'],
  },
  commitFailed: {
    en: ['write', '{{reason}}', 'Unlock it; the next run finishes the work'],
    zh: ['写入', '{{reason}}', '请解除占用；下次运行会完成其余工作'],
  },
  outHoldsProject: {
    en: ['write the output', '{{out}} holds the project', 'Name another folder'],
    zh: ['写出副本', '{{out}} 包含项目本身', '请换一个文件夹'],
  },
  outHoldsOthers: {
    en: [
      'write the output',
      '{{path}} exists and was not written by inject',
      'Empty the folder or name another',
    ],
    zh: ['写出副本', '{{path}} 已存在，且不是 inject 写入的', '请清空该文件夹，或换一个'],
  },
  outFailed: {
    en: ['write the output', '{{reason}}', 'Free or unlock it and run again; the project is as it was'],
    zh: ['写出副本', '{{reason}}', '请腾出空间或解除占用后重试；项目本身没有变化'],
  },
  foreignJournal: {
    en: ['end a former run', 'this is no journal of inject', 'Delete it, then run inject --check'],
    zh: ['收尾上一次运行', '这不是 inject 的日志文件', '请删除它，然后运行 inject --check'],
  },
  referenceLeft: {
    en: [
      'take the shim out',
      'this names an injected file in a way that inject does not write',
      'Take that out by hand, then run inject --remove again',
    ],
    zh: ['移除垫片', '这里引用了注入的文件，但不是 inject 的写法', '请手动去掉，然后再运行 inject --remove'],
  },
  hookIsNoText: {
    en: ['add the hooks', '"{{path}}" is {{found}}, DevTools takes {{wanted}}', 'Correct it'],
    zh: ['添加钩子', '"{{path}}" 是 {{found}}，开发者工具要求 {{wanted}}', '请修正'],
  },
  noOwnPackage: {
    en: ['find the package', 'no package.json of {{name}} above {{folder}}', 'Install it again'],
    zh: ['查找本包', '{{folder}} 之上没有 {{name}} 的 package.json', '请重新安装'],
  },
  builtUnreadable: {
    en: [
      'use the built package',
      'it cannot be read',
      'Install the package again, or run "npm run build" in its source',
    ],
    zh: ['使用构建产物', '文件无法读取', '请重新安装本包，或在其源码中运行 "npm run build"'],
  },
  builtDamaged: {
    en: ['use the built runtime', 'its checksum does not match', 'Install the package again'],
    zh: ['使用构建产物', '校验和不符', '请重新安装本包'],
  },
  builtForeign: {
    en: ['use the built runtime', 'it is not a built runtime', 'Install the package again'],
    zh: ['使用构建产物', '这不是构建出的运行时', '请重新安装本包'],
  },
  templateUnreadable: {
    en: [
      'use the template',
      'it cannot be read',
      'Install the package again, or run "npm run build" in its source',
    ],
    zh: ['使用模板', '文件无法读取', '请重新安装本包，或在其源码中运行 "npm run build"'],
  },
  functionIsNoFolder: {
    en: ['write the cloud function', 'it is no folder', 'Name a folder with --out DIR'],
    zh: ['写入云函数', '这不是文件夹', '请用 --out DIR 给出文件夹'],
  },
  functionDiffers: {
    en: [
      'write the cloud function',
      'it is there with another content',
      'Move it away to get the new one, or use --out DIR',
    ],
    zh: ['写入云函数', '文件已存在且内容不同', '请移走它以获得新文件，或使用 --out DIR'],
  },
  severalClouds: {
    en: [
      "find the project's uniCloud functions",
      'the project has several: {{found}}',
      'Name the folder with --out DIR',
    ],
    zh: ['查找项目的 uniCloud 云函数', '项目中有多个：{{found}}', '请用 --out DIR 给出文件夹'],
  },
  noCloud: {
    en: [
      "find the project's uniCloud functions",
      'there is none of {{wanted}}',
      'Name the folder with --out DIR',
    ],
    zh: ['查找项目的 uniCloud 云函数', '{{wanted}} 都不存在', '请用 --out DIR 给出文件夹'],
  },
} as const satisfies Record<string, Bilingual<ErrorText>>;

export type ErrorKey = keyof typeof ERRORS;
export type ErrorValues<K extends ErrorKey> =
  Values<`${(typeof ERRORS)[K]['en'][0]}${(typeof ERRORS)[K]['en'][1]}${(typeof ERRORS)[K]['en'][2]}`>;

/**
 * @param values - of the row's placeholders
 * @param location - `file:line:column`, or '' for an error that no file has
 * @returns the message of an error in the current language
 */
export function errorText(
  key: ErrorKey,
  values: Record<string, string | number> | undefined,
  location = '',
): string {
  const [act, cause, fix] = ERRORS[key][currentLanguage()].map((part) => fill(part, values));
  return currentLanguage() === 'zh'
    ? `${act}失败：${location && `${location}：`}${cause}。${fix}。`
    : `Failed to ${act}: ${location && `${location}: `}${cause}. ${fix}.`;
}
