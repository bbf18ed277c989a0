import { randomWord } from '../text';
import { Pusher } from './push';
import { demand } from './route';
import type { Tokens } from './tokens';
import type { ComponentControl, ComponentSettings, PushTry } from './types';

const TICKET_LIFE_S = 12 * 3600;
const CODE_LIFE_S = 3600;

interface Code {
  appid: string;
  used: boolean;
  expiresAt: number;
}

/** A third-party platform, its tickets, and the apps that have authorized it (protocol 18). */
export class ComponentAccount implements ComponentControl {
  readonly pushes: PushTry[];
  private readonly pusher: Pusher;
  private readonly tickets: { value: string; expiresAt: number }[] = [];
  private readonly codes = new Map<string, Code>();
  /** The refresh tokens of each app that has authorized, the good one last. */
  private readonly refreshed = new Map<string, string[]>();

  constructor(
    readonly settings: ComponentSettings,
    private readonly tokens: Tokens,
  ) {
    this.pusher = new Pusher({ appid: settings.appid, settings: () => this.pushSettings() });
    this.pushes = this.pusher.tries;
  }

  async sendTicket(): Promise<PushTry[]> {
    const value = `ticket@@@${randomWord()}${randomWord()}`;
    this.tickets.push({ value, expiresAt: Date.now() + (this.settings.ticketLife ?? TICKET_LIFE_S) * 1000 });
    return this.event({ InfoType: 'component_verify_ticket', ComponentVerifyTicket: value });
  }

  authorize(appid: string): Promise<string> {
    return this.grant('authorized', appid);
  }

  update(appid: string): Promise<string> {
    return this.grant('updateauthorized', appid);
  }

  async remove(appid: string): Promise<PushTry[]> {
    this.refreshed.delete(appid);
    return this.event({ InfoType: 'unauthorized', AuthorizerAppid: appid });
  }

  expireTickets(): void {
    for (const ticket of this.tickets) ticket.expiresAt = 0;
  }

  refreshTokens(appid: string): string[] {
    return [...(this.refreshed.get(appid) ?? [])];
  }

  replaceRefreshToken(appid: string): void {
    this.refreshed.get(appid)?.push(newRefreshToken());
  }

  close(): void {
    this.pusher.close();
  }

  /** Pushes a message for an app to the third-party platform. */
  async pushMessage(appid: string, message: object): Promise<PushTry[]> {
    const { messages, push } = this.settings;
    if (!messages || !push || !this.has(appid)) return [];
    return this.pusher.push(message, { url: messages.replaceAll('$APPID$', appid) });
  }

  /** Whether an app has authorized it. */
  has(appid: string): boolean {
    return this.refreshed.has(appid);
  }

  /** @throws PlatformError for a wrong appid or secret */
  authenticate(appid: unknown, secret: unknown): void {
    demand(appid, 41018, 'component_appid missing');
    demand(appid === this.settings.appid, 61011, 'invalid component');
    demand(secret, 41004, 'appsecret missing');
    demand(secret === this.settings.secret, 40125, 'invalid appsecret');
  }

  /** @throws PlatformError where the token is not a good one of this third-party platform */
  check(token: string | undefined, componentAppid: unknown): void {
    demand(token, 41021, 'missing component_access_token');
    demand(
      this.tokens.check(token) === this.settings.appid,
      40001,
      'invalid credential, access_token is invalid or not latest',
    );
    demand(componentAppid === this.settings.appid, 40013, 'invalid appid');
  }

  /** @throws PlatformError 61005 or 61006 */
  checkTicket(value: unknown): void {
    const ticket = this.tickets.find((sent) => sent.value === value);
    demand(ticket, 61006, 'component ticket is invalid');
    demand((ticket as { expiresAt: number }).expiresAt > Date.now(), 61005, 'component ticket is expired');
  }

  /** Redeems an authorization code. @returns the app. @throws PlatformError 61009 or 61010 */
  redeem(value: unknown): string {
    const code = this.codes.get(String(value));
    demand(code && !code.used && this.has(code.appid), 61009, 'code is invalid');
    const { appid, expiresAt } = code as Code;
    demand(expiresAt > Date.now(), 61010, 'code is expired');
    (code as Code).used = true;
    return appid;
  }

  /** @throws PlatformError 61003 */
  demandAuthorized(appid: unknown): void {
    demand(this.has(String(appid)), 61003, 'component is not authorized by this account');
  }

  /** The app's refresh token that is good now. */
  refreshTokenOf(appid: string): string {
    return this.refreshed.get(appid)?.at(-1) as string;
  }

  /** A fresh access token, and the refresh token for the next one. @throws PlatformError 61003 or 61023 */
  refresh(appid: string, refreshToken: unknown): object {
    this.demandAuthorized(appid);
    demand(refreshToken === this.refreshTokenOf(appid), 61023, 'refresh_token is invalid');
    if (this.settings.rotates ?? true) this.replaceRefreshToken(appid);
    return this.accessToken(appid);
  }

  accessToken(appid: string): object {
    const { access_token: token, expires_in: life } = this.tokens.refresh({ appid }, 'authorizer');
    return {
      authorizer_access_token: token,
      expires_in: life,
      authorizer_refresh_token: this.refreshTokenOf(appid),
    };
  }

  private async grant(type: string, appid: string): Promise<string> {
    const value = `queryauthcode@@@${randomWord()}${randomWord()}`;
    const expiresAt = Date.now() + (this.settings.codeLife ?? CODE_LIFE_S) * 1000;
    this.codes.set(value, { appid, used: false, expiresAt });
    this.refreshed.set(appid, [...this.refreshTokens(appid), newRefreshToken()]);
    await this.event({
      InfoType: type,
      AuthorizerAppid: appid,
      AuthorizationCode: value,
      AuthorizationCodeExpiredTime: Math.floor(expiresAt / 1000),
      PreAuthCode: `preauthcode@@@${randomWord()}`,
    });
    return value;
  }

  private async event(fields: object): Promise<PushTry[]> {
    if (!this.settings.push) return [];
    const AppId = this.settings.appid;
    return this.pusher.push({ AppId, CreateTime: Math.floor(Date.now() / 1000), ...fields }, { AppId });
  }

  private pushSettings() {
    const { push } = this.settings;
    // Always encrypted, and never JSON.
    return push && { ...push, mode: 'safe' as const, format: 'xml' as const };
  }
}

const newRefreshToken = (): string => `refreshtoken@@@${randomWord()}${randomWord()}`;
