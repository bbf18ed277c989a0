/** What to do about an error, in a sentence: the short form of docs/en/errors.md and docs/zh/errors.md. */
import type { Language } from './types';

type Advice = Readonly<Record<Language, string>>;

const WRONG_NAME: Advice = {
  en: 'Compare service and api with the page of the service, and list the pair at the relay or cloud function.',
  zh: '与市场中的服务页面核对 service 和 api，并写进中继或云函数的 services。',
};
const NOT_OPEN: Advice = {
  en: 'Open the service in the market, or buy a package, with the account of this appid.',
  zh: '用这个 appid 的账号在市场开通或购买套餐。',
};
const ASK_PROVIDER: Advice = {
  en: 'Read the text, and tell the provider the requestId.',
  zh: '阅读文字，带上 requestId 联系服务商。',
};

const BY_TEXT: [RegExp, Advice][] = [
  [
    /:fail abort/,
    {
      en: 'The page has aborted the call. Its `billing` says whether it had been sent.',
      zh: '页面中止了调用；billing 说明是否已经发出。',
    },
  ],
  [
    /no channel for/,
    {
      en: 'No channel can carry it on this base library: configure a relay or a cloud function beside the bridge.',
      zh: '这个基础库没有可用的通道：在 bridge 之外配置中继或云函数。',
    },
  ],
  [
    /permission denied|no permission/,
    {
      en: 'The client refuses its bridge to this mini-program: list relay or cloud after bridge, and it is used instead.',
      zh: '客户端不允许这个小程序使用桥：在 bridge 之后列出 relay 或 cloud，会自动改用。',
    },
  ],
  [
    /outcome unknown/,
    {
      en: 'It was sent, and nobody knows the result. It is not sent again under this id; ask the user before a new call.',
      zh: '调用已发出，结果未知；不会再用同一个 id 发出。再次发起前先告知用户。',
    },
  ],
  [
    /net::ERR|timeout|interrupted|Failed to fetch/,
    {
      en: 'Check the network. Where `billing` is `unknown`, call again with the same clientMsgId over a relay or cloud function.',
      zh: '检查网络。billing 为 unknown 时，经中继或云函数用同一个 clientMsgId 再次调用。',
    },
  ],
];

const BY_CODE: Record<string, Advice> = {
  '-1': {
    en: 'Correct the call where the text says. Nothing was sent.',
    zh: '按文字所说的位置修改调用；什么都没有发出。',
  },
  '-3': ASK_PROVIDER,
  '-6': WRONG_NAME,
  '-7': WRONG_NAME,
  '-8': WRONG_NAME,
  '-10': NOT_OPEN,
  '-11': {
    en: 'Wait as long as the text says; do not repeat in a loop.',
    zh: '按文字或 Retry-After 等待，不要循环重试。',
  },
  101: ASK_PROVIDER,
  102: { en: 'Call it as a long task, where the service has them.', zh: '服务提供时改用长任务。' },
  103: ASK_PROVIDER,
  104: {
    en: 'No answer came in time, and it may be billed. Over a relay or cloud function call again with the same clientMsgId.',
    zh: '没有及时得到响应，可能已计费。经中继或云函数时用同一个 clientMsgId 再次调用。',
  },
  108: ASK_PROVIDER,
  45009: {
    en: "Today's quota is used up: wait until tomorrow, or apply for more.",
    zh: '当天的配额已用完：等到第二天，或申请提高配额。',
  },
  9301002: {
    en: 'Try again later, and not in a loop: each call may cost.',
    zh: '稍后再试，不要循环：每次调用都可能计费。',
  },
  9301008: WRONG_NAME,
  9301010: NOT_OPEN,
};

const OTHERWISE: Advice = {
  en: 'Look the text up in the index of errors.',
  zh: '在错误索引中查找这段文字。',
};

/** What to do about an error of a call. */
export function adviceFor(errCode: number | undefined, message: string): Advice {
  const byText = BY_TEXT.find(([text]) => text.test(message));
  return byText?.[1] ?? BY_CODE[String(errCode)] ?? OTHERWISE;
}
