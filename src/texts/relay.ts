/** What keeps a relay from starting: its configuration, its secrets, and what it stands on. */
import type { Bilingual } from './language';

/** What failed, why, and what to do, as in errors.ts. */
export const RELAY_ERRORS = {
  relayConfigWrong: {
    en: ['read {{where}}', '{{cause}}', 'Correct it'],
    zh: ['读取 {{where}} ', '{{cause}}', '请修正'],
  },
  relayFileUnreadable: {
    en: ['read {{path}}', '{{reason}}', 'Correct its name, or make it a file that may be read'],
    zh: ['读取 {{path}} ', '{{reason}}', '请修正文件名，或使文件可读'],
  },
  relayWithoutUsers: {
    en: ['read {{where}}', '"users" lets nobody in', 'Set "wx": true, or "jwt", or both'],
    zh: ['读取 {{where}} ', '"users" 不允许任何人登录', '请写 "wx": true 或 "jwt"，也可两者都写'],
  },
  componentMissing: {
    en: [
      'read {{where}}',
      'there is no "component" that the app has authorized',
      'Add "component" beside "apps"',
    ],
    zh: ['读取 {{where}} ', '没有该应用所授权的 "component"', '请在 "apps" 旁边加上 "component"'],
  },
  relayEnvMissing: {
    en: ['read {{where}}', '{{user}} needs the environment variable {{name}}', 'Set it'],
    zh: ['读取 {{where}} ', '{{user}} 需要环境变量 {{name}}', '请设置它'],
  },
  relayEnvHasBlank: {
    en: [
      'read {{where}}',
      'the environment variable {{name}} has a blank or a line end in it',
      'Set it without',
    ],
    zh: ['读取 {{where}} ', '环境变量 {{name}} 中有空白或换行', '请去掉后重新设置'],
  },
  relayEnvShort: {
    en: [
      'read {{where}}',
      'the environment variable {{name}} has fewer than {{least}} bytes',
      'Set a longer one',
    ],
    zh: ['读取 {{where}} ', '环境变量 {{name}} 少于 {{least}} 字节', '请换一个更长的'],
  },
  relayOptionFault: {
    en: ['start the relay', '{{cause}}', 'Correct the option'],
    zh: ['启动中继', '{{cause}}', '请修正该选项'],
  },
  relayOptionWrong: {
    en: ['start the relay', 'option "{{name}}" has a wrong value', 'It must be {{allowed}}'],
    zh: ['启动中继', '选项 "{{name}}" 的值有误', '应为{{allowed}}'],
  },
  relayWithoutUrl: {
    en: [
      'start the relay',
      'it listens on every address ({{host}}), which tells nobody where it is reached',
      'Set "publicUrl", or name one address as "host"',
    ],
    zh: [
      '启动中继',
      '它监听所有地址（{{host}}），无法得知外界如何访问它',
      '请设置 "publicUrl"，或在 "host" 中给出一个地址',
    ],
  },
  relayPeerMissing: {
    en: ['load {{name}}', 'it is not installed', 'Run: npm install {{packages}}'],
    zh: ['加载 {{name}} ', '尚未安装', '请运行：npm install {{packages}}'],
  },
  relayFolderTaken: {
    en: ['lock {{folder}}', 'another relay works in this folder', 'Stop it, or give this one its own folder'],
    zh: ['锁定 {{folder}} ', '另一个中继正在使用这个文件夹', '请停止它，或给这一个单独的文件夹'],
  },
  relayDiskFull: {
    en: ['use {{folder}}', 'its disk is full', 'Make room on it, then start the relay again'],
    zh: ['使用 {{folder}} ', '磁盘已满', '请腾出空间，然后重新启动中继'],
  },
  redisUrlWrong: {
    en: ['reach Redis', 'its address is no URL', 'Check REDIS_URL'],
    zh: ['连接 Redis ', '它的地址不是 URL', '请检查 REDIS_URL'],
  },
  redisUnreachable: {
    en: ['reach Redis', '{{reason}}', 'Check REDIS_URL'],
    zh: ['连接 Redis ', '{{reason}}', '请检查 REDIS_URL'],
  },
  jwtOptionWrong: {
    en: ['make the JWT check', '{{rule}}', 'Correct the option'],
    zh: ['建立 JWT 检查', '{{rule}}', '请修正该选项'],
  },
} as const satisfies Record<string, Bilingual<readonly [act: string, cause: string, fix: string]>>;

export const RELAY = {
  noSuchFile: { en: 'there is no such file', zh: '没有这个文件' },
  needsAccount: { en: '"services" or "users.wx"', zh: '"services" 或 "users.wx"' },
  needsSymmetricKey: {
    en: '"security.symmetric" without "keyFile"',
    zh: '没有 "keyFile" 的 "security.symmetric"',
  },
  needsPrivateKey: {
    en: '"security" without "privateKeyFile"',
    zh: '没有 "privateKeyFile" 的 "security"',
  },
  needsJwtSecret: {
    en: '"users.jwt" without "publicKeyFile"',
    zh: '没有 "publicKeyFile" 的 "users.jwt"',
  },
  needsFileSecret: {
    en: '"s3" without WX_SECRET and RELAY_JWT_SECRET',
    zh: '没有 WX_SECRET 和 RELAY_JWT_SECRET 的 "s3"',
  },
  aFunction: { en: 'a function', zh: '函数' },
  openApiForServices: {
    en: 'given, because "services" lists what may be called',
    zh: '给出，因为 "services" 列出了可调用的服务',
  },
  aPlainUrl: {
    en: 'an http(s) URL without user, query or fragment',
    zh: '不含用户名、查询和片段的 http(s) URL',
  },
  webOrigins: {
    en: 'origins such as https://m.example.com, without a path',
    zh: '源的列表，例如 https://m.example.com，不含路径',
  },
  hostNames: {
    en: 'host names such as a.example.com, in small letters and without a port',
    zh: '主机名的列表，例如 a.example.com，使用小写字母，不含端口',
  },
  optionOfEachApp: {
    en: 'left out beside "apps": every app there has its own',
    zh: '在有 "apps" 时省略：其中每个应用各有自己的',
  },
  appids: {
    en: 'an object by appids, of small letters, digits, "-" and "_": "{{appid}}" is none',
    zh: '以 appid 为键的对象，appid 由小写字母、数字、"-"、"_" 组成："{{appid}}" 不是',
  },
  oneAppAtLeast: { en: 'an object of at least one app', zh: '至少含一个应用的对象' },
  hostOfOneApp: {
    en: 'different for every app: {{host}} is named twice',
    zh: '各应用互不相同：{{host}} 出现了两次',
  },
  proxyAddresses: {
    en: 'true, false, or addresses such as 10.0.0.1, 10.0.0.0/8 or {{ranges}}',
    zh: ' true、false，或地址，例如 10.0.0.1、10.0.0.0/8、{{ranges}}',
  },
  keyAndCertificate: {
    en: 'the PEM strings of a key and of its certificate',
    zh: '私钥及其证书的 PEM 文本',
  },
  jwtOneKey: { en: 'give one of "secret" and "publicKey"', zh: '"secret" 和 "publicKey" 必须且只能给出一个' },
  jwtSecretShort: {
    en: '"secret" must have at least {{least}} bytes',
    zh: '"secret" 至少要有 {{least}} 字节',
  },
  jwtKeyKind: {
    en: '"publicKey" must be an RSA key of at least {{bits}} bits, a P-256 or an Ed25519 key',
    zh: '"publicKey" 应为至少 {{bits}} 位的 RSA、P-256 或 Ed25519 公钥',
  },
  jwtMaxTtl: { en: '"maxTtl" must be an integer of at least 1', zh: '"maxTtl" 应为不小于 1 的整数' },
  jwtKeyNoPem: {
    en: '"publicKey" must be the PEM of a public key',
    zh: '"publicKey" 应为公钥的 PEM 文本',
  },
  // Faults of a Redis, each with its remedy.
  redisIsCluster: {
    en: 'it is a Redis Cluster, which is not supported. Name a single server or its failover name.',
    zh: '这是 Redis Cluster，不受支持。请给出单台服务器，或它的故障转移域名。',
  },
  redisIsSentinel: {
    en: 'it is a Sentinel, which is not supported. Name the server, or a name that leads to the present master.',
    zh: '这是 Sentinel，不受支持。请给出服务器本身，或总是指向当前主节点的域名。',
  },
  redisIsReplica: { en: 'it is a replica. Name the master.', zh: '这是副本。请给出主节点。' },
  redisCannotAppend: {
    en: 'it cannot write its append-only file. Look at its log and its disk.',
    zh: '它无法写入 append-only 文件。请查看它的日志和磁盘。',
  },
  redisMayEvict: {
    en: 'it may evict intents (maxmemory-policy {{policy}})',
    zh: '它可能淘汰已登记的调用（maxmemory-policy {{policy}}）',
  },
  redisMayLose: {
    en: 'it may lose intents when it ends (appendonly no)',
    zh: '它退出时可能丢失已登记的调用（appendonly no）',
  },
  redisMayLoseWithMachine: {
    en: 'it may lose intents when its machine ends (appendfsync no)',
    zh: '机器停机时它可能丢失已登记的调用（appendfsync no）',
  },
  and: { en: ', and ', zh: '，并且' },
  redisMend: {
    en: '{{faults}}. Set these three lines in redis.conf: "appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction"; or accept that calls may be billed twice, by "redis": {"acceptLoss": true}.',
    zh: '{{faults}}。请在 redis.conf 中设置这三行："appendonly yes"、"appendfsync everysec"、"maxmemory-policy noeviction"；或以 "redis": {"acceptLoss": true} 接受调用可能重复计费。',
  },
  redisUnfit: { en: 'Failed to use Redis: {{fault}}', zh: '使用 Redis 失败：{{fault}}' },
} as const satisfies Record<string, Bilingual>;
