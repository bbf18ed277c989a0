'use strict';

/** Every text of the demo but those of the page, in English and Chinese side by side. */
const TEXTS = {
  usage: {
    en: ({ command, libraries, platforms, channels }) => `Usage: ${command} [options]

Runs the page "Photo to text" on a simulated phone: the photo is uploaded, a real OCR service reads it through its
URL, and the text comes back.

  --image FILE          the photo: PNG, JPEG, WebP or BMP (default: demo-miniprogram/sample.png)
  --lib VERSION         base library of the phone (default: 2.8.3)
                        ${libraries}
  --platform NAME       ${platforms.join(' or ')} (default: android)
  --channel NAME        who carries the call: ${channels} (default: bridge);
                        base libraries from 2.9.4 on carry this call and the photo themselves
  --plugin              call from a plugin of the mini-program (from 1.9.6 on)
  --lang zh|en          language of these texts (default: that of the system)
  --json                print one JSON object and nothing else
  --help                show this text
`,
    zh: ({ command, libraries, platforms, channels }) => `用法：${command} [选项]

在模拟的手机上运行页面“图片转文字”：上传一张照片，真实的 OCR 服务通过它的 URL 识别，再返回文字。

  --image FILE          照片：PNG、JPEG、WebP 或 BMP（默认：demo-miniprogram/sample.png）
  --lib VERSION         手机的基础库版本（默认：2.8.3）
                        ${libraries}
  --platform NAME       ${platforms.join(' 或 ')}（默认：android）
  --channel NAME        调用走哪个通道：${channels}（默认：bridge）；
                        基础库从 2.9.4 起由平台自己执行这次调用，并上传照片
  --plugin              由小程序的插件发起调用（从 1.9.6 起）
  --lang zh|en          输出的语言（默认：系统的语言）
  --json                只输出一个 JSON 对象
  --help                显示本说明
`,
  },
  notAllowed: {
    en: ({ option, value, allowed }) => `Failed to start: --${option} is "${value}". Use one of ${allowed}.`,
    zh: ({ option, value, allowed }) => `无法启动：--${option} 的值是 "${value}"。可用的值：${allowed}。`,
  },
  badArguments: {
    en: ({ cause }) => `Failed to start: ${cause} Use the options below.`,
    zh: ({ cause }) => `无法启动：${cause} 请使用下面的选项。`,
  },
  noPlugins: {
    en: ({ lib }) => `Failed to start: base library ${lib} runs no plugins. Use --lib 1.9.6 or newer.`,
    zh: ({ lib }) => `无法启动：基础库 ${lib} 不支持插件。请用 --lib 1.9.6 或更新的版本。`,
  },
  unreadablePhoto: {
    en: ({ file, reason }) => `Failed to read ${file}: ${reason}. Give --image the path of a picture.`,
    zh: ({ file, reason }) => `无法读取 ${file}：${reason}。请用 --image 给出一张图片的路径。`,
  },
  missing: { en: () => 'there is no such file', zh: () => '没有这个文件' },
  isFolder: { en: () => 'it is a folder', zh: () => '它是文件夹' },
  forbidden: { en: () => 'reading it is not permitted', zh: () => '没有读取的权限' },
  relayStarted: {
    en: ({ url }) => `Relay started on ${url}`,
    zh: ({ url }) => `中继已启动：${url}`,
  },
  injected: {
    en: ({ files }) => `Project copied, runtime injected: ${files}`,
    zh: ({ files }) => `项目已复制，运行时已注入：${files}`,
  },
  baseLibrary: {
    en: ({ version, platform, members }) => `Base library ${version} on ${platform}: ${members}`,
    zh: ({ version, platform, members }) => `基础库 ${version}，${platform}：${members}`,
  },
  photoChosen: {
    en: ({ file, width, height, bytes }) =>
      `Photo chosen: ${file}, ${width} x ${height} pixels, ${bytes} bytes`,
    zh: ({ file, width, height, bytes }) => `已选择照片：${file}，${width} x ${height} 像素，${bytes} 字节`,
  },
  channelIgnored: {
    en: ({ channel, version }) =>
      `--channel ${channel} had no effect: base library ${version} carries this call itself`,
    zh: ({ channel, version }) => `--channel ${channel} 没有作用：基础库 ${version} 由平台自己执行这次调用`,
  },
  uploading: {
    en: ({ percent, total }) => `Uploading: ${percent}% of ${total} bytes`,
    zh: ({ percent, total }) => `正在上传：${percent}%，共 ${total} 字节`,
  },
  uploadBar: {
    en: () => 'Uploading {bar} {percentage}% | {value} of {total} bytes',
    zh: () => '正在上传 {bar} {percentage}% | {value} / {total} 字节',
  },
  uploaded: {
    en: ({ channel, ms, url }) => `Uploaded over the ${channel} in ${ms} ms: ${url}`,
    zh: ({ channel, ms, url }) => `已通过 ${channel} 上传，用时 ${ms} 毫秒：${url}`,
  },
  called: {
    en: ({ channel, requestId, bills }) =>
      `Called over the ${channel}: request ${requestId || 'without id'}, ${bills} bill(s)`,
    zh: ({ channel, requestId, bills }) =>
      `已通过 ${channel} 调用：请求 ${requestId || '没有 id'}，计费 ${bills} 次`,
  },
  read: {
    en: ({ ms }) => `Read in ${ms} ms:`,
    zh: ({ ms }) => `识别结果，总用时 ${ms} 毫秒：`,
  },
  noText: { en: () => '(no text on the photo)', zh: () => '（照片上没有文字）' },
};

const LANGUAGES = ['en', 'zh'];

/** The command says which language it has chosen; alone, the demo goes by the system's locale. */
function defaultLanguage(env) {
  const locale =
    env.SERVICEMARKET_LANG ||
    env.LC_ALL ||
    env.LC_MESSAGES ||
    env.LANG ||
    Intl.DateTimeFormat().resolvedOptions().locale;
  return /^zh\b|^zh[_-]/i.test(locale) ? 'zh' : 'en';
}

let current = defaultLanguage(process.env);

/** @param {string} language - of all texts from now on */
function useLanguage(language) {
  current = language;
}

/**
 * @param {keyof typeof TEXTS} key
 * @param {object} [values] - what stands in the text
 * @returns {string} the text in the current language
 */
function text(key, values = {}) {
  return TEXTS[key][current](values);
}

module.exports = { LANGUAGES, text, useLanguage };
