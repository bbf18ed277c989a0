/** What page code finds around it: globals, the loader, and what may be done to `wx`. */
import { named, words } from './script';
import type { Script } from './script';

const NAMES = words(`
  window document self navigator location frames localStorage XMLHttpRequest WebSocket alert confirm
  prompt screen history Caches wx App Page Component Behavior getApp getCurrentPages requirePlugin
  requireMiniProgram global globalThis process Buffer fetch eval Function define require module exports
  setTimeout clearTimeout setInterval clearInterval console Promise Symbol Map Set`);

export const environment: Script[] = [
  ...NAMES.map((name) => ({ name: `environment: typeof ${name}`, code: `return typeof ${name}` })),
  ...named('environment', {
    this: 'return typeof this',
    'Function with text': "return typeof Function('return this')()",
    'Function with other text': "return new Function('return 1')()",
    'constructor of a function': "return (function () {}).constructor('return 1')()",
    'a finished promise comes later': "Promise.resolve().then(on('promise')); log('sync')",
    'order of timer and promise': "setTimeout(on('timer'), 0); Promise.resolve().then(on('promise'))",
    'Promise members':
      "return ['all', 'race', 'resolve', 'reject'].map(function (name) { return typeof Promise[name] })",
    'Object.assign': 'return Object.assign({ a: 1 }, null, { b: 2 })',
    'what the loader leaves visible': 'return [typeof WeixinJSBridge, typeof __wxConfig]',
    'members of module': 'return Object.keys(module)',
    'exports is that of the module': 'return exports === module.exports',
    'a strict function has no caller': 'return (function () { return this })() === undefined',
    'missing module': "return require('./none')",
    'require of a number': 'return require(1)',
    'wx can be extended': 'wx.extra = 1; return wx.extra',
    'wx.request can be replaced':
      'var r = wx.request; try { wx.request = 1; var now = wx.request; wx.request = r; return now } catch (error) { return error.name }',
    'serviceMarket can be defined':
      "var before = typeof wx.serviceMarket; if (before === 'undefined') { wx.serviceMarket = 1; var seen = wx.serviceMarket; delete wx.serviceMarket; return [seen, typeof wx.serviceMarket] } return before",
    'serviceMarket by defineProperty':
      "if (wx.serviceMarket) return 'native'; Object.defineProperty(wx, 'serviceMarket', { value: 2, configurable: true }); var seen = wx.serviceMarket; delete wx.serviceMarket; return [seen, typeof wx.serviceMarket]",
    'wx is frozen': 'return [Object.isFrozen(wx), Object.isExtensible(wx)]',
  }),
];
