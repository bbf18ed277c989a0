/** The pages in reading order, in both languages. A page that is in none of these is found by search only. */
import type { DefaultTheme } from 'vitepress';

export type Language = 'zh' | 'en';

interface Section {
  zh: string;
  en: string;
  /** Each page's address without the language, then its titles. */
  pages: [page: string, zh: string, en: string][];
}

const SECTIONS: Section[] = [
  {
    zh: '开始',
    en: 'Start',
    pages: [
      ['what-it-is', '这是什么，我需要吗', 'What it is, and do I need it'],
      ['first-call', '第一次调用', 'The first call'],
      ['channels', '通道', 'Channels'],
      ['money', '费用', 'Money'],
      ['errors', '错误索引', 'Errors'],
      ['playground', '演练场', 'Playground'],
      ['faq', '常见问题', 'Questions'],
    ],
  },
  {
    zh: '按框架',
    en: 'By framework',
    pages: [
      ['native', '原生小程序', 'Native'],
      ['typescript', 'TypeScript', 'TypeScript'],
      ['inject-taro', 'Taro', 'Taro'],
      ['inject-uni-app', 'uni-app', 'uni-app'],
      ['inject-weapp-vite', 'weapp-vite', 'weapp-vite'],
      ['inject-mpx', 'mpx', 'mpx'],
      ['game', '小游戏', 'Mini-games'],
      ['plugins', '插件', 'Plugins'],
      ['h5', 'H5', 'H5'],
      ['inject-bundlers', '其他打包工具', 'Plain bundlers'],
    ],
  },
  {
    zh: '使用',
    en: 'Use',
    pages: [
      ['configuration', '配置', 'Configuration'],
      ['long-tasks', '长任务', 'Long tasks'],
      ['base-libraries', '基础库', 'Base libraries'],
      ['differences', '与平台的不同', 'Where it differs'],
      ['other-hosts', '其他环境', 'Other hosts'],
      ['types', '类型', 'Types'],
      ['testing', '测试', 'Testing'],
      ['inject', '注入', 'Injection'],
      ['migration', '迁移', 'Migration'],
      ['first-hour', '第一个小时', 'The first hour'],
    ],
  },
  {
    zh: '服务端与运维',
    en: 'Servers and operation',
    pages: [
      ['deploy', '部署服务端', 'Deploying the server side'],
      ['deploy#cloud-function', '云函数', 'Cloud function'],
      ['deploy#unicloud-function', 'uniCloud 云函数', 'uniCloud function'],
      ['owners', '运维中继', 'Running a relay'],
      ['service-providers', '服务商', 'Service providers'],
      ['security', '插件的安全', 'Security of plugins'],
    ],
  },
];

const INSIDERS: [page: string, title: string][] = [
  ['', 'Index'],
  ['design', 'Design'],
  ['decisions', 'Decisions'],
  ['protocol', 'Protocol'],
  ['performance', 'Performance'],
  ['relay-security', 'Security of the relay'],
  ['demo', 'Demo'],
  ['contributing', 'Contributing'],
  ['changelog', 'Changes'],
];

const fragmentsInChinese: Record<string, string> = {
  'deploy#cloud-function': 'deploy#云函数',
  'deploy#unicloud-function': 'deploy#unicloud-云函数',
};

/** The address of a page in a language. */
function addressOf(page: string, language: Language): string {
  return language === 'en' ? `/en/${page}` : `/${fragmentsInChinese[page] ?? page}`;
}

/** The pages that the sidebar leads to, without the language. */
export const PAGES = new Set(SECTIONS.flatMap(({ pages }) => pages.map(([page]) => page.split('#')[0])));

export function sidebarOf(language: Language): DefaultTheme.SidebarItem[] {
  const sections = SECTIONS.map((section) => ({
    text: section[language],
    items: section.pages.map(([page, zh, en]) => ({
      text: { zh, en }[language],
      link: addressOf(page, language),
    })),
  }));
  const reference = { text: { zh: 'API 参考（英文）', en: 'API reference' }[language], link: '/en/api/' };
  const insiders = {
    text: { zh: '内部资料（英文）', en: 'For insiders' }[language],
    collapsed: true,
    items: INSIDERS.map(([page, text]) => ({ text, link: `/en/insiders/${page}` })),
  };
  return [...sections, reference, insiders];
}

export function navigationOf(language: Language): DefaultTheme.NavItem[] {
  const pages: [page: string, zh: string, en: string][] = [
    ['first-call', '第一次调用', 'First call'],
    ['errors', '错误', 'Errors'],
    ['money', '费用', 'Money'],
    ['testing', '测试', 'Testing'],
    ['playground', '演练场', 'Playground'],
  ];
  return pages.map(([page, zh, en]) => ({ text: { zh, en }[language], link: addressOf(page, language) }));
}
