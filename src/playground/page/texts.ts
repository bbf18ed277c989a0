/** Every text of the page, in Chinese and English side by side. */
import type { Language } from '../engine/types';

export const TEXTS = {
  title: { zh: 'wx.serviceMarket 演练场', en: 'wx.serviceMarket playground' },
  tagline: {
    zh: '在任意基础库上看一次调用的全过程：走哪个通道，上传了什么，计费几次。',
    en: 'See one call from start to end on any base library: who carries it, what is uploaded, what is billed.',
  },
  simulated: {
    zh: '手机与服务市场是模拟的，文字识别是真实的。没有任何内容离开本机，也不会真的计费。',
    en: 'Phone and market are simulated, the text recognition is real. Nothing leaves this machine, and nothing costs money.',
  },
  skip: { zh: '跳到手机', en: 'Skip to the phone' },
  language: { zh: '语言', en: 'Language' },
  theme: { zh: '外观', en: 'Theme' },
  themeAuto: { zh: '跟随系统', en: 'System' },
  themeLight: { zh: '浅色', en: 'Light' },
  themeDark: { zh: '深色', en: 'Dark' },

  settings: { zh: '设置', en: 'Settings' },
  reset: { zh: '恢复默认', en: 'Reset' },
  baseLibrary: { zh: '基础库', en: 'Base library' },
  rowsNone: { zh: '平台没有 wx.serviceMarket', en: 'The platform has no wx.serviceMarket' },
  rowsSome: { zh: '平台只有 invokeService 和 CDN', en: 'The platform has invokeService and CDN alone' },
  rowsAll: { zh: '平台自己都有', en: 'The platform has everything itself' },
  without: { zh: '最新，但去掉 wx.serviceMarket', en: 'newest, without wx.serviceMarket' },
  newest: { zh: '最新', en: 'newest' },
  platform: { zh: '系统', en: 'System' },
  channel: { zh: '通道', en: 'Channel' },
  channelBridge: { zh: '桥（平台接口）', en: 'bridge (of the platform)' },
  channelRelay: { zh: '中继（自己的服务器）', en: 'relay (a server of yours)' },
  channelCloud: { zh: '云函数', en: 'cloud function' },
  hintNative: {
    zh: '在这个基础库上，普通调用由平台自己执行；只有它缺少的才走通道。',
    en: 'On this base library the platform itself carries plain calls; only what it lacks goes over the channel.',
  },
  hintBridge: {
    zh: '2.9.4 以前的桥不能替页面上传，图片改走中继。',
    en: 'Below 2.9.4 the bridge uploads nothing for pages; the picture goes over the relay.',
  },
  hintRelay: {
    zh: '调用和图片都经过本机上真实的中继。',
    en: 'Call and picture go over a real relay on this machine.',
  },
  hintRelayInPage: {
    zh: '调用和图片都经过页面内的中继。',
    en: 'Call and picture go over a relay in this page.',
  },
  hintCloud: {
    zh: '图片进入云存储，云函数发起调用，之后删除图片。',
    en: 'The picture goes into the cloud storage, the function calls, then the picture is removed.',
  },
  noCloud: { zh: 'wx.cloud 从 2.2.3 开始才有。', en: 'wx.cloud begins with 2.2.3.' },
  plugin: { zh: '在插件中运行', en: 'Run in a plugin' },
  noPlugin: { zh: '插件从 1.9.6 开始才有。', en: 'Plugins begin with 1.9.6.' },
  bridgeDenied: { zh: '平台拒绝桥', en: 'The platform refuses the bridge' },
  network: { zh: '网络', en: 'Network' },
  networkNormal: { zh: '正常', en: 'normal' },
  networkSlow: { zh: '慢（40 kB/s）', en: 'slow (40 kB/s)' },
  networkLossy: { zh: '丢包', en: 'lossy' },
  networkOffline: { zh: '离线', en: 'offline' },
  networkLost: { zh: '丢失一次响应', en: 'an answer is lost' },
  billing: { zh: '服务市场如何对待重复的消息', en: 'How the market takes repeats' },
  billingPerMessage: { zh: '每条都计费（更严格）', en: 'bills each (harsher)' },
  billingPerId: { zh: '同一个 id 只计费一次', en: 'bills an id once' },

  picture: { zh: '图片', en: 'Picture' },
  pictureSample: { zh: '示例', en: 'Sample' },
  pictureFile: { zh: '选择文件', en: 'Choose a file' },
  pictureHint: {
    zh: '也可以粘贴（Ctrl/⌘ V）或拖到这里。手机里点“选择照片”就会得到它。',
    en: 'Or paste one (Ctrl/⌘ V), or drop it here. "Choose a photo" on the phone returns it.',
  },
  pictureAlt: { zh: '手机将选到的图片', en: 'The picture that the phone will choose' },
  pasted: { zh: '粘贴的图片', en: 'pasted picture' },
  notAPicture: {
    zh: '这不是 PNG、JPEG、WebP 或 BMP 图片，请换一张。',
    en: 'This is no PNG, JPEG, WebP or BMP. Choose another one.',
  },
  tooLarge: {
    zh: '图片超过 10 MB，请换一张小些的。',
    en: 'The picture is over 10 MB. Choose a smaller one.',
  },

  phone: { zh: '手机', en: 'Phone' },
  phoneStarting: { zh: '手机正在启动……', en: 'The phone is starting …' },
  phoneReady: { zh: '手机已就绪', en: 'The phone is ready' },
  phoneFailed: { zh: '小程序没能启动', en: 'The mini-program did not start' },
  staysLight: {
    zh: '小程序保持浅色，在微信里也是这样：它的 app.json 没有写 darkmode。',
    en: 'The mini-program stays light, as it does in WeChat: its app.json has no "darkmode".',
  },
  darkUnsupported: {
    zh: '演练场不显示小程序的深色模式。',
    en: 'The playground does not show the dark mode of mini-programs.',
  },
  restart: { zh: '重新启动', en: 'Restart' },
  abort: { zh: '中止调用', en: 'Abort the call' },

  example: { zh: '小程序', en: 'Mini-program' },
  exampleOcr: { zh: '照片转文字', en: 'Photo to text' },
  exampleProgress: { zh: '进度与中止', en: 'Progress and abort' },
  exampleLongTask: { zh: '长任务', en: 'Long task' },
  examplePlugin: { zh: '插件', en: 'Plugin' },

  outcome: { zh: '页面得到的结果', en: 'What the page gets' },
  outcomeNone: {
    zh: '在手机里点“选择照片”，结果会显示在这里。',
    en: 'Tap "Choose a photo" on the phone: what comes of it is shown here.',
  },
  outcomeRunning: { zh: '{api} 进行中', en: '{api} is running' },
  outcomeDone: { zh: '{api} 完成，用时 {ms} ms', en: '{api} is done after {ms} ms' },
  outcomeFailed: { zh: '{api} 失败，用时 {ms} ms', en: '{api} failed after {ms} ms' },
  billingNone: { zh: '没有计费', en: 'nothing was billed' },
  billingUnknown: { zh: '可能已计费', en: 'may have been billed' },
  billingAbsent: { zh: '平台没有说明是否计费', en: 'the platform does not say whether it was billed' },
  whatToDo: { zh: '怎么办', en: 'What to do' },
  details: { zh: '详情', en: 'Details' },

  happenings: { zh: '过程', en: 'What happens' },
  happeningsNone: {
    zh: '还没有发生什么。手机里的每次原生调用、上传、消息和计费都会列在这里。',
    en: 'Nothing yet. Every native call, upload, message and bill of the phone is listed here.',
  },
  clear: { zh: '清空', en: 'Clear' },
  show: { zh: '显示', en: 'Show' },
  kindCall: { zh: '页面调用', en: 'Page' },
  kindMessage: { zh: '消息', en: 'Message' },
  kindUpload: { zh: '上传', en: 'Upload' },
  kindNative: { zh: '原生调用', en: 'Native' },
  kindBill: { zh: '计费', en: 'Bill' },
  kindConsole: { zh: '日志', en: 'Log' },
  kindError: { zh: '错误', en: 'Error' },
  messageCall: { zh: '发起调用', en: 'call' },
  messagePoll: { zh: '查询结果', en: 'poll' },
  messageRepeat: { zh: '响应丢失后查询', en: 'repeat' },
  messageRetrieve: { zh: '查询长任务', en: 'ask for the result' },
  overBridge: { zh: '经桥', en: 'over the bridge' },
  overRelay: { zh: '经中继', en: 'over the relay' },
  overCloud: { zh: '经云函数', en: 'over the cloud function' },
  overNative: { zh: '平台自己的代码', en: "by the platform's own code" },
  toCdn: { zh: '到平台 CDN', en: "to the platform's CDN" },
  toRelay: { zh: '到中继', en: 'to the relay' },
  toCloud: { zh: '到云存储', en: 'to the cloud storage' },
  waiting: { zh: '等待中', en: 'waiting' },
  answered: { zh: '已响应', en: 'answered' },
  lost: { zh: '响应丢失', en: 'answer lost' },
  running: { zh: '进行中', en: 'running' },
  done: { zh: '完成', en: 'done' },
  failed: { zh: '失败', en: 'failed' },
  noSession: { zh: '尚未登录', en: 'no login yet' },
  aborted: { zh: '已中止', en: 'aborted' },
  sent: { zh: '发出', en: 'sent' },
  received: { zh: '收到', en: 'received' },
  uploadProgress: { zh: '上传进度', en: 'Progress of the upload' },

  bills: { zh: '账单', en: 'Bills' },
  billsNone: { zh: '没有计费。', en: 'Nothing was billed.' },
  billsSum: { zh: '共计费 {count} 次', en: '{count} billed' },
  billPaid: { zh: '{over}，付费方 {by}', en: '{over}, paid by {by}' },

  code: { zh: '代码', en: 'Code' },
  codeHint: {
    zh: '修改后重新运行。代码只在本页的沙箱中运行，接触不到这台机器。',
    en: 'Change it and run it: in a sandbox that reaches nothing of this machine.',
  },
  run: { zh: '运行', en: 'Run' },
  undo: { zh: '还原', en: 'Undo changes' },
  files: { zh: '文件', en: 'Files' },
  editor: { zh: '编辑 {file}', en: 'Edit {file}' },
  edited: { zh: '已修改，尚未运行', en: 'changed, not run yet' },

  saidStarted: { zh: '开始调用', en: 'The call has started' },
  saidDone: { zh: '调用完成', en: 'The call is done' },
  saidFailed: { zh: '调用失败：{message}', en: 'The call failed: {message}' },
  saidBill: { zh: '计费一次', en: 'One call was billed' },
  saidLost: { zh: '响应丢失', en: 'An answer was lost' },
  saidUploaded: { zh: '图片已上传', en: 'The picture was uploaded' },

  docs: { zh: '文档', en: 'Documentation' },
  errorsPage: { zh: '错误索引', en: 'Error index' },
} as const satisfies Record<string, Record<Language, string>>;

export type TextKey = keyof typeof TEXTS;

/** A function that returns texts in a language, with values in place of `{name}`. */
export type Text = (key: TextKey, values?: Record<string, string | number>) => string;

export function textIn(language: Language): Text {
  return (key, values = {}) =>
    TEXTS[key][language].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
