/** The command's help, and the frame of what it prints. */
import type { Bilingual } from './language';

const PROJECT = {
  en: 'folder with project.config.json, or with app.json, game.json or plugin.json',
  zh: 'project.config.json（或 app.json、game.json、plugin.json）所在的文件夹',
} as const;

export const COMMAND = {
  description: {
    en: 'The newest wx.serviceMarket on every mini-program host.',
    zh: '在每个小程序宿主上使用最新的 wx.serviceMarket。',
  },
  helpHint: { en: '(add --help for the usage)', zh: '（加 --help 查看用法）' },
  optionLang: {
    en: 'language of the texts: en, zh',
    zh: '文字的语言：en、zh',
  },
  optionVersion: { en: 'output the version number', zh: '显示版本号' },
  optionHelp: { en: 'display help for command', zh: '显示帮助' },
  fileUnreachable: {
    en: 'Failed to reach a file: {{message}}. Check that it is there and may be read.',
    zh: '访问文件失败：{{message}}。请确认它存在且可读。',
  },
  titleUsage: { en: 'Usage:', zh: '用法：' },
  titleArguments: { en: 'Arguments:', zh: '参数：' },
  titleOptions: { en: 'Options:', zh: '选项：' },
  titleCommands: { en: 'Commands:', zh: '命令：' },
  argumentProject: PROJECT,
  optionDryRun: { en: 'say what would be done and write nothing', zh: '只说明会做什么，不写入' },
  optionJson: { en: 'print the result as JSON', zh: '以 JSON 输出结果' },
  dryRun: { en: 'dry run: nothing was written', zh: '试运行：没有写入任何文件' },
  note: { en: 'note: {{text}}', zh: '提示：{{text}}' },

  injectSummary: { en: 'put the shim into a project or a build', zh: '把垫片放进项目或构建产物' },
  injectDescription: {
    en: 'Puts the shim into a mini-program, game or plugin whose manifest has "servicemarket": true, so that it runs first.',
    zh: '把垫片放进清单中写有 "servicemarket": true 的小程序、小游戏或插件，使它最先运行。',
  },
  injectOut: {
    en: 'write a copy of the project there and leave the sources as they are',
    zh: '把项目的副本写到该处，源文件保持不变',
  },
  injectConfig: {
    en: "instead of the project's servicemarket.config.json",
    zh: '代替项目的 servicemarket.config.json',
  },
  injectCheck: { en: 'exit 1 if the shim is missing or stale', zh: '垫片缺失或过期时以 1 退出' },
  injectRemove: { en: 'take the shim out again, byte for byte', zh: '移除垫片，逐字节还原' },
  injectExamples: {
    en: `
Examples:
  $ miniprogram-servicemarket inject                 the project in this folder, in place
  $ miniprogram-servicemarket inject --out build     a copy for CI; the sources stay as they are
  $ miniprogram-servicemarket inject dist --check    fails when dist/ is not injected or stale`,
    zh: `
示例：
  $ miniprogram-servicemarket inject                 就地注入本文件夹中的项目
  $ miniprogram-servicemarket inject --out build     为 CI 写出副本，源文件不变
  $ miniprogram-servicemarket inject dist --check    dist/ 未注入或已过期时失败`,
  },
  injected: { en: 'the shim is in place', zh: '垫片已就位' },
  current: {
    en: 'the shim is in place already; nothing was changed',
    zh: '垫片本已就位；没有改动',
  },
  stale: { en: 'the shim is missing or stale', zh: '垫片缺失或已过期' },
  notInjected: { en: 'the shim is not injected yet', zh: '尚未注入垫片' },
  off: {
    en: 'no manifest has "servicemarket": true; nothing was changed',
    zh: '没有清单写有 "servicemarket": true；没有改动',
  },
  offButLeft: {
    en: 'no manifest has "servicemarket": true, but the shim is still there; nothing was changed',
    zh: '没有清单写有 "servicemarket": true，但垫片还在；没有改动',
  },
  removed: { en: 'the shim was taken out', zh: '垫片已移除' },
  absent: { en: 'there is no shim here; nothing was changed', zh: '这里没有垫片；没有改动' },
  dryRunSuffix: { en: ' (dry run: nothing was written)', zh: '（试运行：没有写入任何文件）' },
  run: { en: 'Run: {{command}}', zh: '请运行：{{command}}' },
  thenRun: { en: '{{first}}, then: {{second}}', zh: '{{first}}，然后：{{second}}' },

  initSummary: {
    en: 'start a project: the key, the configuration, what its build or DevTools needs',
    zh: '开始一个项目：键、配置，以及构建或开发者工具所需的内容',
  },
  initDescription: {
    en: 'Detects what builds the project, says what it will do, asks, and does it: "servicemarket": true where it belongs, servicemarket.config.json, the bundler plugin of a framework or the DevTools hooks of a native project (scripts in project.config.json), types and ignored files. What is there stays. Then runs doctor.',
    zh: '识别项目由什么构建，说明将要做什么，询问之后执行：写入键 servicemarket、配置 servicemarket.config.json、框架的构建插件或原生项目的开发者工具钩子（project.config.json 的 scripts）、类型声明和忽略规则。已有的内容保持不变。最后运行 doctor。',
  },
  initYes: { en: 'ask nothing', zh: '不询问' },
  initAsk: { en: 'Do this?', zh: '执行以上操作？' },
  yes: { en: 'Yes', zh: '是' },
  no: { en: 'No', zh: '否' },
  initRefused: { en: 'nothing was changed', zh: '没有改动' },
  initDetected: { en: 'Detected: {{project}}', zh: '识别为：{{project}}' },
  initDoctor: { en: 'What doctor says', zh: 'doctor 的结果' },
  initUndo: { en: 'take out what init put in', zh: '撤销 init 写入的内容' },
  initUndone: {
    en: 'there is nothing of init here; nothing was changed',
    zh: '这里没有 init 写入的内容；没有改动',
  },
  initProject: { en: 'folder with project.config.json', zh: 'project.config.json 所在的文件夹' },
  initNothing: {
    en: 'everything is there already; nothing was changed',
    zh: '一切都已就绪；没有改动',
  },
  cloudSummary: {
    en: 'write the cloud function of the channel "cloud"',
    zh: '写入通道 "cloud" 的云函数',
  },
  cloudDescription: {
    en: 'Writes the cloud function that holds the credentials of the channel "cloud", ready to upload, and says what to do next. A file that was changed is never overwritten.',
    zh: '写入保存通道 "cloud" 凭据的云函数，可直接上传，并说明后续步骤。改动过的文件绝不会被覆盖。',
  },
  unicloudSummary: { en: 'write a relay as a uniCloud function', zh: '以 uniCloud 云函数的形式写入中继' },
  unicloudDescription: {
    en: 'Writes a uniCloud function that is a relay by its URL and holds the credentials, ready to upload, and says what to do next. A file that was changed is never overwritten.',
    zh: '写入一个保存凭据、以其 URL 作为中继的 uniCloud 云函数，可直接上传，并说明后续步骤。改动过的文件绝不会被覆盖。',
  },
  unicloudProject: { en: 'the uni-app project', zh: 'uni-app 项目' },
  functionOut: {
    en: "the function's folder, instead of its place in the project",
    zh: '云函数的文件夹，代替项目中的默认位置',
  },
  next: { en: 'Next', zh: '后续步骤' },

  doctorSummary: {
    en: 'say what was found, what each base library gets, and what to fix',
    zh: '说明发现了什么、各基础库会得到什么、需要修正什么',
  },
  doctorDescription: {
    en: 'Says what was found, what each base library will get, which channels carry call and upload and why, the domains to register, and what to fix. Exits 1 when something is to be fixed.',
    zh: '说明发现了什么、各基础库会得到什么、调用和上传走哪些通道及其原因、要登记的域名，以及需要修正的问题。有问题要修正时以 1 退出。',
  },
  doctorFound: { en: 'Found', zh: '发现' },
  doctorFramework: { en: 'framework: {{name}} ({{output}})', zh: '框架：{{name}}（{{output}}）' },
  doctorUnbuilt: { en: 'not built yet', zh: '尚未构建' },
  doctorRoots: {
    en: 'kind|manifest|key|shim|injected file|loaded by',
    zh: '类型|清单|键|垫片|注入的文件|由谁加载',
  },
  doctorUnknownKey: {
    en: 'DevTools and miniprogram-ci warn of the key ("无效的" app.json): they do not know it, and the build goes on.',
    zh: '开发者工具和 miniprogram-ci 会对这个键给出警告（“无效的 app.json”）：它们不认识它，构建照常进行。',
  },
  doctorChannels: { en: 'channels: {{channels}} ({{source}})', zh: '通道：{{channels}}（{{source}}）' },
  doctorDefaults: {
    en: 'default; there is no servicemarket.config.json',
    zh: '默认；没有 servicemarket.config.json',
  },
  doctorLibraries: { en: 'Base libraries', zh: '基础库' },
  doctorForecasts: {
    en: 'from|wx.serviceMarket|call|upload|why',
    zh: '起始版本|wx.serviceMarket|调用|上传|原因',
  },
  doctorDomains: { en: 'Domains to register', zh: '需登记的域名' },
  doctorNoDomains: { en: 'none: no channel uses wx.request', zh: '无：没有通道使用 wx.request' },
  doctorToFix: { en: 'To fix', zh: '需修正' },
  doctorNothing: { en: 'nothing', zh: '无' },

  relaySummary: { en: 'run the HTTPS relay', zh: '运行 HTTPS 中继' },
  relayDescription: {
    en: 'Runs the relay that holds the credentials of the channel "relay". Secrets come by environment only: WX_APPID, WX_SECRET, RELAY_JWT_SECRET, REDIS_URL, AWS_*; those that the configuration needs.',
    zh: '运行保存通道 "relay" 凭据的中继。密钥只来自环境变量：WX_APPID、WX_SECRET、RELAY_JWT_SECRET、REDIS_URL、AWS_*，以配置所需为准。',
  },
  relayConfig: { en: "the relay's configuration", zh: '中继的配置' },
  relayPort: { en: 'instead of the one in the configuration', zh: '代替配置中的端口' },
  relayUpstream: { en: "instead of the platform's server, for tests", zh: '代替平台的服务器，供测试用' },
  relayListens: { en: 'The relay listens on {{address}}', zh: '中继正在监听 {{address}}' },
  relayListensAs: {
    en: 'The relay listens on {{address}}, as {{url}} for phones and services',
    zh: '中继正在监听 {{address}}，手机和服务使用 {{url}}',
  },
  relayFailed: {
    en: 'Failed to start the relay: {{message}}. {{fix}}.',
    zh: '启动中继失败：{{message}}。{{fix}}。',
  },
  relayPortTaken: {
    en: 'Stop what listens there, or name another port by --port',
    zh: '请停止占用该端口的程序，或用 --port 换一个端口',
  },
  relayPortDenied: {
    en: 'Name a port above 1023 by --port, and let a proxy take the other',
    zh: '请用 --port 给出大于 1023 的端口，原端口交给反向代理',
  },
  relayNotHere: {
    en: 'Correct "host" in the configuration: it is no address of this machine',
    zh: '请修正配置中的 "host"：它不是本机的地址',
  },
  relayHostUnknown: {
    en: 'Correct "host" in the configuration: no address is known for it',
    zh: '请修正配置中的 "host"：查不到它的地址',
  },
  relayNoNameServer: {
    en: 'Correct "host" in the configuration, or try again: no name server answers',
    zh: '请修正配置中的 "host"，或稍后重试：没有域名服务器响应',
  },
  badPort: { en: 'It is no number from 0 to 65535.', zh: '应为 0 到 65535 之间的数字。' },

  demoSummary: {
    en: 'run the demo: a simulated phone reads a photo by a real OCR service',
    zh: '运行演示：模拟的手机用真实的 OCR 服务识别照片',
  },
  demoDescription: {
    en: 'Runs the demo on a simulated phone: a photo is uploaded and read by a real OCR service. Nothing leaves this machine. "demo --help" lists its own options.',
    zh: '在模拟的手机上运行演示：上传一张照片，由真实的 OCR 服务识别。没有任何内容离开本机。"demo --help" 列出它自己的选项。',
  },
  demoNeeds: {
    en: 'The demo needs an OCR engine and a web server, {{total}} in all. They are fetched once, with npm, into {{folder}}, and not into your project:',
    zh: '演示需要一个 OCR 引擎和一个 Web 服务器，共 {{total}}。它们用 npm 获取一次，存入 {{folder}}，不会进入你的项目：',
  },
  demoSmall: { en: '{{count}} smaller ones', zh: '另有 {{count}} 个较小的包' },
  demoAsk: { en: 'Fetch them?', zh: '现在获取？' },
  demoFetching: { en: 'Fetching …', zh: '正在获取……' },
  demoSayYes: {
    en: 'Failed to start the demo: nobody can be asked here. Run it again with --yes to fetch them.',
    zh: '启动演示失败：这里无法询问。请加上 --yes 再运行，以获取它们。',
  },
  demoRefused: { en: 'nothing was fetched', zh: '没有获取任何内容' },
  demoFetchFailed: {
    en: 'Failed to fetch what the demo needs: npm has said why. Check the network and the registry of npm, then run it again.',
    zh: '获取演示所需的包失败：原因见上面 npm 的输出。请检查网络和 npm 的 registry，然后重试。',
  },

  playgroundSummary: {
    en: 'try it in the browser: a simulated phone, and all that happens behind it',
    zh: '在浏览器里试用：一部模拟的手机，以及背后发生的一切',
  },
  playgroundDescription: {
    en: 'Serves one page on this machine: the demo mini-program on a simulated phone, with a real relay and a real OCR service behind it. Choose the base library, the channel, the network and the picture; see every message and bill; change the code and run it again. Only this machine reaches it.',
    zh: '在本机提供一个页面：演示小程序运行在模拟的手机上，背后是真实的中继和真实的 OCR 服务。可以选择基础库、通道、网络和图片，看到每条消息和每次计费，修改代码后重新运行。只有本机能访问。',
  },
  playgroundPort: {
    en: 'port on 127.0.0.1; a free one by default',
    zh: '127.0.0.1 上的端口，默认选一个空闲的',
  },
  playgroundBuild: {
    en: 'write a site into this folder that needs no server, and end',
    zh: '把无需服务器的静态站点写入该文件夹，然后结束',
  },
  playgroundBuilt: {
    en: 'The playground is in {{folder}}: serve it from any folder of a site.',
    zh: '演练场已写入 {{folder}}：可放在站点的任意目录下。',
  },
  playgroundRuns: {
    en: 'The playground is at {{url}} (this machine alone). Ctrl+C ends it.',
    zh: '演练场已就绪：{{url}}（仅限本机）。按 Ctrl+C 结束。',
  },
  playgroundEnded: { en: 'The playground has ended.', zh: '演练场已结束。' },
  playgroundPortTaken: {
    en: 'Failed to start the playground: {{message}}. Name another port by --port.',
    zh: '启动演练场失败：{{message}}。请用 --port 换一个端口。',
  },

  // Commander's own messages: the English is found in what it prints, the Chinese is shown.
  usageUnknownOption: { en: "error: unknown option '{{name}}'", zh: "错误：未知选项 '{{name}}'" },
  usageUnknownCommand: { en: "error: unknown command '{{name}}'", zh: "错误：未知命令 '{{name}}'" },
  usageArgumentMissing: {
    en: "error: option '{{name}}' argument missing",
    zh: "错误：选项 '{{name}}' 缺少参数",
  },
  usageOptionMissing: {
    en: "error: required option '{{name}}' not specified",
    zh: "错误：缺少必需的选项 '{{name}}'",
  },
  usageConflict: {
    en: "error: option '{{name}}' cannot be used with option '{{other}}'",
    zh: "错误：选项 '{{name}}' 不能与 '{{other}}' 同时使用",
  },
  usageBadArgument: {
    en: "error: option '{{name}}' argument '{{value}}' is invalid. {{reason}}",
    zh: "错误：选项 '{{name}}' 的参数 '{{value}}' 无效。{{reason}}",
  },
  usageTooMany: {
    en: 'error: too many arguments{{rest}}',
    zh: '错误：参数过多',
  },
} as const satisfies Record<string, Bilingual>;
