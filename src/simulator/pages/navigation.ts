import { asyncApi } from '../apis/callbacks';
import { NativeFailure } from '../client/natives';
import type { Env } from '../host/env';
import { reaches } from '../host/profiles';
import { toRealm } from '../realm/realm';
import type { Any } from '../types';
import type { PageDefinition } from './definition';
import type { PageStack } from './page-stack';

/** The platform opens no more pages than this. */
const MAX_PAGES = 10;

interface Target {
  path: string;
  query: Record<string, string>;
  definition: PageDefinition;
}

/** `wx.navigateTo` and the others that move between pages. */
export function navigationApis(env: Env, stack: PageStack): Record<string, unknown> {
  const api = (name: string, move: (args: Any) => unknown): unknown =>
    asyncApi(env, name, (args) => ({ perform: () => move(args) ?? {} }));
  const open = ({ path, query, definition }: Target): void => void stack.push(path, definition, query);

  return {
    navigateTo: api('navigateTo', (args) => {
      const { path, query, definition } = targetOf(stack, args);
      if (stack.tabs.includes(path)) throw new NativeFailure('can not navigateTo a tabbar page');
      if (stack.pages.length >= MAX_PAGES) throw new NativeFailure('webview count limit exceed');
      if (!reaches(env.profile, '2.7.3')) return open({ path, query, definition });
      const { own, opener } = eventChannels(env, args.events);
      stack.push(path, definition, query, ({ instance }) => {
        instance.getOpenerEventChannel = env.realm.script(
          '(function (channel) { return function () { return channel; }; })',
        )(opener) as unknown;
      });
      return { eventChannel: own };
    }),
    redirectTo: api('redirectTo', (args) => {
      const target = targetOf(stack, args);
      if (stack.tabs.includes(target.path)) throw new NativeFailure('can not redirectTo a tabbar page');
      stack.drop(1);
      open(target);
    }),
    reLaunch: api('reLaunch', (args) => {
      const target = targetOf(stack, args);
      stack.drop(stack.pages.length);
      open(target);
    }),
    switchTab: api('switchTab', (args) => {
      const target = targetOf(stack, args);
      if (!stack.tabs.includes(target.path)) throw new NativeFailure('can not switch to no-tabBar page');
      stack.drop(stack.pages.length);
      open(target);
    }),
    navigateBack: api('navigateBack', ({ delta = 1 }) => {
      const count = Math.min(delta as number, stack.pages.length - 1);
      if (count < 1) throw new NativeFailure('cannot navigate back at first page');
      stack.drop(count);
      stack.top?.turn('show');
    }),
  };
}

/** @throws NativeFailure where there is no such page */
function targetOf(stack: PageStack, { url = '' }: Any): Target {
  const [address = '', search = ''] = (url as string).split('?');
  const path = fromHere(stack.top?.path ?? '', address);
  const definition = stack.find(path);
  if (!definition) throw new NativeFailure(`page "${address}" is not found`);
  const pairs = search.split('&').filter(Boolean);
  // As they stand in the URL: a page decodes what it has encoded.
  const query = Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s, 2) as [string, string]));
  return { path, query, definition };
}

/** An address from the root where it begins with a slash, else seen from the page that is shown. */
function fromHere(page: string, address: string): string {
  if (address.startsWith('/') || address.startsWith('plugin://')) return address.replace(/^\//, '');
  const parts = page.split('/').slice(0, -1);
  for (const part of address.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Two ends of one channel: what one emits the other hears. */
const CHANNELS = `(function (events) {
  function end() {
    var listeners = {};
    return {
      on: function (name, listener) { (listeners[name] = listeners[name] || []).push(listener); },
      off: function (name, listener) {
        listeners[name] = (listeners[name] || []).filter(function (one) { return listener && one !== listener; });
      },
      once: function (name, listener) {
        var self = this;
        self.on(name, function once() { self.off(name, once); listener.apply(null, arguments); });
      },
      hear: function (name, args) {
        (listeners[name] || []).slice().forEach(function (listener) { listener.apply(null, args); });
      }
    };
  }
  function channel(near, far) {
    return {
      on: near.on,
      off: near.off,
      once: near.once,
      emit: function (name) { far.hear(name, Array.prototype.slice.call(arguments, 1)); }
    };
  }
  var opener = end(), opened = end();
  Object.keys(events || {}).forEach(function (name) { opener.on(name, events[name]); });
  return { own: channel(opener, opened), opener: channel(opened, opener) };
})`;

function eventChannels(env: Env, events: unknown): { own: Any; opener: Any } {
  const make = env.realm.script(CHANNELS, 'event-channels') as (events: unknown) => Any;
  return make(toRealm(env.realm, events)) as { own: Any; opener: Any };
}
