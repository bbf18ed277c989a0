/** What the command finds and reports. */
import type { Bilingual } from './language';

export const REPORTS = {
  // Notes of inject.
  formerUndone: { en: 'A run that was stopped has been undone.', zh: '上一次被中断的运行已撤销。' },
  formerFinished: { en: 'A run that was stopped has been finished.', zh: '上一次被中断的运行已完成。' },
  wasEdited: { en: 'was edited', zh: '被修改过' },
  otherVersion: {
    en: 'is version {{version}}, the package is {{own}}',
    zh: '的版本是 {{version}}，本包是 {{own}}',
  },
  otherConfiguration: { en: 'has another configuration', zh: '的配置不同' },
  noSpace: { en: 'no space is left on the disk', zh: '磁盘空间不足' },

  // Likely slips in manifests and configuration.
  switchIsNotTrue: {
    en: '{{location}}: "servicemarket" is {{value}}; only true counts',
    zh: '{{location}}："servicemarket" 的值是 {{value}}，只有 true 有效',
  },
  switchMisspelt: {
    en: '{{location}}: did you mean "servicemarket" instead of "{{key}}"?',
    zh: '{{location}}："{{key}}" 应为 "servicemarket"？',
  },
  pluginUndeclared: {
    en: '{{location}}: no plugin "{{name}}" is declared here or in a subpackage, but "plugins" of the configuration lists it: it will not be connected',
    zh: '{{location}}：这里和分包中都没有声明插件 "{{name}}"，但配置的 "plugins" 列出了它：不会连接它',
  },
  channelUnused: {
    en: '"{{name}}" is configured, but "channels" does not name it: it is not used',
    zh: '配置了 "{{name}}"，但 "channels" 没有列出它：不会使用',
  },
  sectionMissing: {
    en: 'the channel "{{channel}}" needs {{keys}}',
    zh: '通道 "{{channel}}" 需要 {{keys}}',
  },

  // Findings of doctor.
  notInjectedYet: {
    en: 'Not injected yet ({{details}}): run "npx miniprogram-servicemarket inject".',
    zh: '尚未注入（{{details}}）：请运行 "npx miniprogram-servicemarket inject"。',
  },
  filesStale: {
    en: 'The injected files are missing or stale ({{details}}): run "npx miniprogram-servicemarket inject".',
    zh: '注入的文件缺失或已过期（{{details}}）：请运行 "npx miniprogram-servicemarket inject"。',
  },
  switchMissing: {
    en: '{{manifest}} has no "servicemarket": true: nothing is injected.',
    zh: '{{manifest}} 中没有 "servicemarket": true：不会注入。',
  },
  pluginMissing: {
    en: 'The build of {{name}} does not inject: add the bundler plugin to {{configFile}} (docs/en/{{guide}}).',
    zh: '{{name}} 的构建不会注入：请在 {{configFile}} 中加入构建插件（docs/zh/{{guide}}）。',
  },
  notBuilt: {
    en: 'Nothing is built yet: build the mini-program with {{name}} and run doctor again. Where the key "servicemarket" goes: docs/en/{{guide}}.',
    zh: '尚未构建：请先用 {{name}} 构建小程序，再运行 doctor。"servicemarket" 写在哪里，见 docs/zh/{{guide}}。',
  },
  buildIsStale: {
    en: 'The build is older than the plugin or the configuration: build with {{name}} again.',
    zh: '构建产物早于插件或配置：请用 {{name}} 重新构建。',
  },
  leftover: {
    en: 'The shim is still there although no manifest asks for it ({{paths}}): run "npx miniprogram-servicemarket inject --remove", and "inject" again for what stays on.',
    zh: '已没有清单要求垫片，但它还在（{{paths}}）：请运行 "npx miniprogram-servicemarket inject --remove"；仍要保留的，再运行 "inject"。',
  },
  hooksMissing: {
    en: 'DevTools does not inject before it compiles: run "npx miniprogram-servicemarket init", or use --out in CI.',
    zh: '开发者工具不会在编译前注入：请运行 "npx miniprogram-servicemarket init"，或在 CI 中使用 --out。',
  },
  hooksImpossible: {
    en: 'There is no project.config.json to let DevTools inject: run "npx miniprogram-servicemarket inject" in your build.',
    zh: '没有 project.config.json，开发者工具无法注入：请在构建中运行 "npx miniprogram-servicemarket inject"。',
  },
  notStrictJson: {
    en: '{{location}}: miniprogram-ci refuses comments and trailing commas: take them out.',
    zh: '{{location}}：miniprogram-ci 不接受注释和多余的逗号：请去掉。',
  },
  relayNotHttps: {
    en: 'relay.url {{url}} is not HTTPS: phones refuse it.',
    zh: 'relay.url {{url}} 不是 HTTPS：手机会拒绝。',
  },
  noUpload: {
    en: 'CDN() content cannot be uploaded on {{versions}}: add the channel {{advice}}, or do without CDN().',
    zh: '在 {{versions}} 上无法上传 CDN() 的内容：请增加通道 {{advice}}，或不使用 CDN()。',
  },
  relayOrCloud: { en: '"relay", or "cloud" (from 2.2.3 on)', zh: '"relay"，或 "cloud"（2.2.3 起）' },
  functionTimeout: {
    en: '{{location}}: the cloud function may run {{timeout}} s, a call takes up to {{least}} s and is paid: set "timeout": 60, here and in the cloud console.',
    zh: '{{location}}：云函数最多运行 {{timeout}} 秒，而一次调用可达 {{least}} 秒且会计费：请在这里和云开发控制台都设为 "timeout": 60。',
  },

  // Why a channel carries calls and uploads on a base library.
  nativeComplete: {
    en: 'the platform has everything; wx.serviceMarket stays as it is',
    zh: '平台功能齐全；wx.serviceMarket 保持原样',
  },
  nativePartial: {
    en: 'plain calls stay native; getAsyncResult, async and consumeType go over {{call}}',
    zh: '普通调用仍走原生；getAsyncResult、async 和 consumeType 走 {{call}}',
  },
  noCloudYet: {
    en: 'wx.cloud begins with 2.2.3, and no other channel is configured',
    zh: 'wx.cloud 从 2.2.3 开始，且没有配置其他通道',
  },
  bridgeCarries: {
    en: 'wx.operateWXData is there, where the client allows it',
    zh: '有 wx.operateWXData，取决于客户端是否允许',
  },
  channelCarries: { en: '{{call}} is configured', zh: '配置了 {{call}}' },
  pagesLackUpload: {
    en: '{{first}}; pages have no wx.uploadToCommonCDN',
    zh: '{{first}}；页面没有 wx.uploadToCommonCDN',
  },
  contentFails: {
    en: '{{first}}; content in CDN() fails: pages have no wx.uploadToCommonCDN',
    zh: '{{first}}；CDN() 的内容会失败：页面没有 wx.uploadToCommonCDN',
  },
  contentFailsWithoutCloud: {
    en: '{{first}}; content in CDN() fails: pages have no wx.uploadToCommonCDN and no wx.cloud',
    zh: '{{first}}；CDN() 的内容会失败：页面没有 wx.uploadToCommonCDN，也没有 wx.cloud',
  },

  // What init detects, and what each file gets.
  kindApp: { en: 'native mini-program', zh: '原生小程序' },
  kindGame: { en: 'native mini-game', zh: '原生小游戏' },
  kindPlugin: { en: 'mini-program plugin', zh: '小程序插件' },
  kindUnknown: { en: 'no mini-program yet', zh: '还没有小程序' },
  initKey: { en: '"servicemarket": true', zh: '"servicemarket": true' },
  initPlugin: { en: 'the plugin that injects at each build', zh: '每次构建时注入的插件' },
  initConfiguration: { en: 'the configuration', zh: '配置' },
  initTypes: { en: 'the types of wx.serviceMarket', zh: 'wx.serviceMarket 的类型' },
  initIgnored: { en: 'ignored files', zh: '忽略规则' },
  initHooks: {
    en: 'inject before DevTools compiles, previews, uploads',
    zh: '开发者工具编译、预览、上传前注入',
  },
  turnHooksOn: {
    en: 'Turn the hooks on in DevTools: details → local settings → "启用自定义处理命令" (enable custom commands). They run at a click on "编译" (compile), not when a file is saved.',
    zh: '请在开发者工具中打开钩子：详情 → 本地设置 → 勾选“启用自定义处理命令”。点击“编译”时才会运行，保存文件时不会。',
  },

  // Next steps of init.
  listServices: {
    en: 'List what may be called in {{file}}: {"services": {"<service>": ["<api>"]}, "callsPerHour": 600}.',
    zh: '在 {{file}} 中列出允许的调用：{"services": {"<service>": ["<api>"]}, "callsPerHour": 600}。',
  },
  listUnicloudServices: {
    en: 'List what may be called in {{file}}: {"services": {"<service>": ["<api>"]}, …}.',
    zh: '在 {{file}} 中列出允许的调用：{"services": {"<service>": ["<api>"]}, …}。',
  },
  makeCollections: {
    en: 'Make the collections servicemarket_calls and servicemarket_limits in the cloud database; users must not read or write them.',
    zh: '在云数据库中建立集合 servicemarket_calls 和 servicemarket_limits；用户不得读写。',
  },
  makeUnicloudCollections: {
    en: 'Make the collections servicemarket_calls, servicemarket_limits, servicemarket_sessions and servicemarket_files in the database; clients must not read or write them.',
    zh: '在数据库中建立集合 servicemarket_calls、servicemarket_limits、servicemarket_sessions 和 servicemarket_files；客户端不得读写。',
  },
  nameCloudRoot: {
    en: 'Name the folder of the cloud functions in project.config.json, as "cloudfunctionRoot".',
    zh: '在 project.config.json 中用 "cloudfunctionRoot" 给出云函数的文件夹。',
  },
  uploadFunction: {
    en: 'Upload {{name}} in DevTools with its dependencies ("install in the cloud") and its trigger; its time limit has to be 60 s. For long tasks, set WX_APPID and WX_SECRET in its environment.',
    zh: '在开发者工具中上传 {{name}}（“云端安装依赖”）并上传触发器；超时时间须为 60 秒。若有长任务，在其环境变量中设置 WX_APPID 和 WX_SECRET。',
  },
  giveAccount: {
    en: 'Give it the app\'s account, by "manage common modules" of HBuilderX: vk-unicloud (2.12 or later) where the project has it; else uni-config-center with servicemarket/config.json: {"appid": …, "secret": …}.',
    zh: '在 HBuilderX 的“管理公共模块”中给它小程序的账号：项目里有 vk-unicloud（2.12 及以上）就用它；否则用 uni-config-center，内含 servicemarket/config.json：{"appid": …, "secret": …}。',
  },
  uploadUnicloud: {
    en: 'Upload it. Its package.json asks for 60 s, an hourly timer, and the URL path /http/servicemarket; check all three in the console.',
    zh: '上传它。其 package.json 要求 60 秒超时、每小时的定时器和 URL 路径 /http/servicemarket；请在控制台核对这三项。',
  },
  configureCloud: {
    en: 'Add to servicemarket.config.json: "cloud": {"env": "<environment id>", "function": "{{name}}"}, and "cloud" to "channels".',
    zh: '在 servicemarket.config.json 中加入："cloud": {"env": "<环境 id>", "function": "{{name}}"}，并把 "cloud" 加入 "channels"。',
  },
  configureRelay: {
    en: 'Add to servicemarket.config.json: "relay": {"url": "https://<domain of the functions>/http/servicemarket"}, and "relay" to "channels".',
    zh: '在 servicemarket.config.json 中加入："relay": {"url": "https://<云函数的域名>/http/servicemarket"}，并把 "relay" 加入 "channels"。',
  },
  registerDomain: {
    en: "Register that domain as request and uploadFile domain in the platform's console.",
    zh: '在平台控制台中把该域名登记为 request 和 uploadFile 合法域名。',
  },
  injectAndDoctor: {
    en: 'Run "npx miniprogram-servicemarket inject", then "npx miniprogram-servicemarket doctor".',
    zh: '运行 "npx miniprogram-servicemarket inject"，再运行 "npx miniprogram-servicemarket doctor"。',
  },
  keyOfFramework: {
    en: 'The key "servicemarket": true goes into the sources of {{name}}: docs/en/{{guide}}.',
    zh: '"servicemarket": true 要写在 {{name}} 的源码里：docs/zh/{{guide}}。',
  },
  configurationKept: {
    en: 'servicemarket.config.json stays: it is not as init wrote it.',
    zh: '保留 servicemarket.config.json：它与 init 写入的不同。',
  },
  noHooks: {
    en: 'No project.config.json here, so no DevTools hooks: call inject from your build.',
    zh: '这里没有 project.config.json，因此没有开发者工具的钩子：请在构建中调用 inject。',
  },
} as const satisfies Record<string, Bilingual>;
