/** What owners ask a relay by the command: records of calls, sums of usage. */
import type { Bilingual } from './language';

/** What failed, why, and what to do, as in errors.ts. */
export const OWNER_ERRORS = {
  journalMissing: {
    en: ['read {{path}}', 'there is no such file', 'Check "folder" in the configuration'],
    zh: ['读取 {{path}} ', '没有这个文件', '请检查配置中的 "folder"'],
  },
  serviceNotListed: {
    en: ['deny {{service}}', '"services" of the configuration does not list it', 'Correct it'],
    zh: ['拒绝 {{service}} ', '配置的 "services" 中没有它', '请修正'],
  },
  appNeeded: {
    en: ['find the app', 'the relay has several apps: {{apps}}', 'Name one by --app'],
    zh: ['查找应用 ', '中继有多个应用：{{apps}}', '请用 --app 指定一个'],
  },
  noSuchApp: {
    en: ['find the app', '"apps" does not list "{{appid}}"', 'Name one that it lists'],
    zh: ['查找应用 ', '"apps" 中没有 "{{appid}}"', '请给出其中之一'],
  },
  journalDamaged: {
    en: ['read {{path}}', 'the line at byte {{offset}} is damaged', 'Restore the file'],
    zh: ['读取 {{path}} ', '第 {{offset}} 字节处的一行已损坏', '请恢复该文件'],
  },
} as const satisfies Record<string, Bilingual<readonly [act: string, cause: string, fix: string]>>;

export const OWNERS = {
  listedPairs: {
    en: 'of pairs as "service/api" that "services" lists: {{pair}} is not',
    zh: '"services" 中列出的 "service/api"：{{pair}} 不在其中',
  },
  metricsPlace: {
    en: 'an object with a "port" from 0 to 65535, a "token" of at least {{least}} characters without blanks, or both',
    zh: '一个对象，含有 0 到 65535 的 "port"，或至少 {{least}} 个字符且没有空白的 "token"，或两者都有',
  },
  usageDamaged: {
    en: 'Warning: {{path}} is damaged. The sums of its day have only the calls that are still in the journal.',
    zh: '警告：{{path}} 已损坏。这一天的合计只含日志文件中还有的调用。',
  },
  titleGlobalOptions: { en: 'Global Options:', zh: '通用选项：' },
  recordsConfig: {
    en: 'Reads beside a running relay, from its folder or from Redis, and changes nothing.',
    zh: '在中继运行时从它的文件夹或 Redis 读取，不作任何改动。',
  },
  outcomesSummary: { en: 'say what became of calls', zh: '说明各次调用的结果' },
  outcomesDescription: {
    en: 'Lists the calls of the last 24 hours, and older ones that are still kept: ids, codes, times and sizes. {{how}}',
    zh: '列出最近 24 小时（以及仍保留的更早）的调用：id、错误码、时间和大小。{{how}}',
  },
  optionApp: {
    en: 'the appid, where the relay has several apps',
    zh: '应用的 appid，用于有多个应用的中继',
  },
  outcomesId: { en: 'calls with this client_msg_id', zh: '该 client_msg_id 的调用' },
  outcomesUser: { en: 'calls of this user, for example wx:OPENID', zh: '该用户的调用，例如 wx:OPENID' },
  outcomesSince: {
    en: 'calls since then: 30m, 12h, 7d, or a time such as 2026-11-27T08:00Z',
    zh: '此后的调用：30m、12h、7d，或时间，例如 2026-11-27T08:00Z',
  },
  outcomesAnswer: {
    en: "the services' answers too, with --json",
    zh: '同时输出服务的响应，须与 --json 同用',
  },
  outcomesNeedsFilter: {
    en: "error: required option '--id, --user or --since' not specified",
    zh: "错误：缺少必需的选项 '--id、--user 或 --since'",
  },
  outcomesAnswerNeedsJson: {
    en: "error: required option '--json' not specified",
    zh: "错误：缺少必需的选项 '--json'",
  },
  badTime: {
    en: 'It is no time and no duration such as 12h.',
    zh: '应为时间，或 12h 这样的时长。',
  },
  outcomesHeader: {
    en: 'time|user|service|api|id|result|errcode|request id|ms|bytes',
    zh: '时间|用户|服务|接口|id|结果|错误码|请求 id|毫秒|字节',
  },
  outcomesNone: { en: 'no call was found', zh: '没有找到调用' },
  resultAnswered: { en: 'answered', zh: '已响应' },
  resultFailed: { en: 'failed', zh: '失败' },
  resultUnknown: { en: 'unknown, may be billed', zh: '结果不明，可能已计费' },
  resultOpen: { en: 'under way, or unknown', zh: '进行中，或结果不明' },
  usageSummary: { en: 'sum calls, failures and unknown outcomes', zh: '统计调用、失败和不明结果的次数' },
  usageDescription: {
    en: 'Sums what is kept ("usageDays", 92 by default). Calls under way count as unknown until they end. {{how}}',
    zh: '统计保留期内（"usageDays"，默认 92 天）的用量。进行中的调用在结束前计入不明。{{how}}',
  },
  usageBy: {
    en: 'what the sums are told apart by: service, user, day, appid',
    zh: '分组方式：service、user、day、appid',
  },
  denySummary: { en: 'refuse a user or a service', zh: '拒绝某个用户或服务' },
  denyDescription: {
    en: 'Refuses a user, whose sessions end, or new calls of a service, until relay allow. Running relays follow within two seconds; nothing is restarted.',
    zh: '拒绝某个用户（其会话随即结束）或某个服务的新调用，直到 relay allow。运行中的中继在两秒内生效，无需重启。',
  },
  allowSummary: { en: 'take back what relay deny refused', zh: '撤销 relay deny 的拒绝' },
  allowDescription: {
    en: 'Lets a user or a service in again that relay deny refused. Running relays follow within two seconds.',
    zh: '重新允许被 relay deny 拒绝的用户或服务。运行中的中继在两秒内生效。',
  },
  denyUser: { en: 'the user, for example wx:OPENID', zh: '用户，例如 wx:OPENID' },
  denyService: { en: 'the service, by its appid', zh: '服务的 appid' },
  denyNeedsName: {
    en: "error: required option '--user or --service' not specified",
    zh: "错误：缺少必需的选项 '--user 或 --service'",
  },
  denyUserUnknown: {
    en: 'It must begin with wx: or jwt:, as in wx:OPENID.',
    zh: '应以 wx: 或 jwt: 开头，例如 wx:OPENID。',
  },
  denied: { en: 'denied: {{name}}', zh: '已拒绝：{{name}}' },
  allowed: { en: 'allowed: {{name}}', zh: '已允许：{{name}}' },
  usageNone: { en: 'nothing was called', zh: '没有任何调用' },
  usageHeader: { en: '{{by}}|calls|failures|unknown', zh: '{{by}}|调用|失败|不明' },
} as const satisfies Record<string, Bilingual>;
