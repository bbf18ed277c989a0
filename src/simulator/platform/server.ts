import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { FaultList } from '../client/faults';
import { createRealClock } from '../clock/real-clock';
import { MarketServer } from '../market/market';
import { CdnStore } from '../network/cdn';
import { Network } from '../network/network';
import { nodeHttp } from '../node/http';
import { answerRequest } from './answer';
import { ComponentAccount } from './component';
import { Pusher, resultMessage } from './push';
import { Tokens } from './tokens';
import type { PlatformFault, PlatformOptions, PlatformRequest, PlatformServer } from './types';
import { Users } from './users';

const TOKEN_TTL_S = 7200;
const CODE_TTL_MS = 5 * 60 * 1000;

/**
 * The platform's server on loopback: tokens, sessions, the service market and the other calls.
 *
 * @returns once it listens
 */
export async function createPlatformServer(options: PlatformOptions): Promise<PlatformServer> {
  const clock = createRealClock();
  const cdn = new CdnStore(() => clock.now());
  const network = new Network(clock, cdn, {}, Infinity, nodeHttp);
  const market = new MarketServer(clock, (url) => network.fetchBytes(url), {
    ...(options.billing ? { billing: options.billing } : {}),
    ...options.market,
  });
  for (const [key, provider] of Object.entries(options.providers ?? {})) market.provide(key, provider);
  const accounts = [options, ...(options.apps ?? []), ...(options.official ? [options.official] : [])];
  const tokens = new Tokens(accounts, (options.tokenLife ?? TOKEN_TTL_S) * 1000);
  const users = new Map<string, Users>();
  const usersOf = (appid: string): Users => {
    const known = users.get(appid) ?? new Users(appid, options.codeLife ?? CODE_TTL_MS);
    users.set(appid, known);
    return known;
  };
  const component = options.component && new ComponentAccount(options.component, tokens);
  const faults = new FaultList<PlatformFault>();
  const requests: PlatformRequest[] = [];
  const pusher = new Pusher({ appid: options.appid, settings: () => options.push });
  market.onTaskDone ??= (done) => {
    const message = resultMessage(done);
    if (done.appid !== options.appid) void component?.pushMessage(done.appid, message);
    else if (options.push && !options.push.lost) void pusher.push(message);
  };

  const server = http.createServer((incoming, outgoing) => {
    void answerRequest({ options, tokens, usersOf, market, component }, faults, requests, incoming, outgoing);
  });
  // Else a client that comes late may meet a connection that is just being closed, as if its request were lost.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    origin: `http://127.0.0.1:${port}`,
    market,
    cdn,
    requests,
    issueCode: (openid, appid = options.appid) => usersOf(appid).issueCode(openid),
    encryptFor: (openid, value, appid = options.appid) => usersOf(appid).encryptFor(openid, value),
    tokens: (appid) =>
      tokens.issued.filter((token) => !appid || token.appid === appid).map(({ value }) => value),
    expireTokens: () => tokens.expireAll(),
    revokeTokens: () => tokens.revoke(),
    revokeToken: (value) => tokens.revoke(value),
    verifyPush: () => pusher.verify(),
    push: (message) => pusher.push(message),
    pushes: pusher.tries,
    get component() {
      if (!component) throw new Error('Failed to find a third-party platform. Give the option "component".');
      return component;
    },
    fault: (fault) => faults.add(fault),
    async close() {
      clock.close();
      pusher.close();
      component?.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
