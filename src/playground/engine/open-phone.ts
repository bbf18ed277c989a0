import type { Backend, OpenPhone, Phone, PhoneOptions } from './types';
import { LOADED } from './wire';
import type { StartOptions, ToFrame, ToPage } from './wire';

/**
 * A `data:` document has an origin of its own, which nothing else has: not this page, whose documents, storage and
 * cookies it cannot reach. `allow-same-origin` keeps that origin, which the realms inside share (without it each of them
 * would get another one), and gives it nothing. The other permissions of a frame stay withheld.
 */
const SANDBOX = 'allow-scripts allow-same-origin';

export const openPhone: OpenPhone = async (container, options) => {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', SANDBOX);
  frame.title = options.language === 'zh' ? '手机' : 'Phone';
  frame.style.cssText = 'display:block;width:100%;height:100%;border:0';
  frame.src = `data:text/html;charset=utf-8,${encodeURIComponent(documentOf(options))}`;
  container.append(frame);
  await loaded(frame);
  const { port1: port, port2 } = new MessageChannel();
  const say = (message: ToFrame): void => port.postMessage(message);
  const questions = new Questions(options.backend, say);
  const opened = new Promise<void>((resolve, reject) => {
    port.onmessage = ({ data }: { data: ToPage }) => {
      if (data.type === 'event') options.onEvent(data.event);
      else if (data.type === 'question') void questions.answer(data);
      else if (data.type === 'withdrawn') questions.withdraw(data.id);
      else if (data.type === 'opened') resolve();
      else reject(Object.assign(new Error(data.message), data.stack ? { stack: data.stack } : {}));
    };
  });
  // Nobody else has that origin, so that it cannot be named: the frame is known by its window.
  frame.contentWindow?.postMessage({ type: 'start', options: startOptions(options) }, '*', [port2]);
  const phone: Phone = {
    frame,
    choosePicture: (picture) => say({ type: 'picture', picture }),
    change: (settings) => say({ type: 'change', settings }),
    abort: () => say({ type: 'abort' }),
    close() {
      questions.withdrawAll();
      port.close();
      frame.remove();
    },
  };
  try {
    await opened;
  } catch (error) {
    phone.close();
    throw error;
  }
  return phone;
};

/** The frame may run what it was given and show pictures of its own, and reaches nothing. */
function documentOf({ assets = './', language = 'en' }: PhoneOptions): string {
  const script = new URL('phone.js', new URL(assets, document.baseURI)).href;
  const policy = `default-src 'none'; script-src ${script.replace(/[;,'\s]/g, encodeURIComponent)} 'unsafe-eval'; style-src 'unsafe-inline'; img-src blob: data:`;
  return `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${escaped(policy)}"><meta name="viewport" content="width=device-width"><title>${language === 'zh' ? '小程序' : 'Mini-program'}</title><body><script src="${escaped(script)}"></script>`;
}

const escaped = (text: string): string =>
  text.replace(/[&"<]/g, (char) => ({ '&': '&amp;', '"': '&quot;', '<': '&lt;' })[char] as string);

function loaded(frame: HTMLIFrameElement): Promise<void> {
  return new Promise((resolve, reject) => {
    function end(): void {
      removeEventListener('message', hear);
      frame.removeEventListener('load', late);
    }
    function hear({ source, data }: { source: unknown; data: unknown }): void {
      if (source !== frame.contentWindow || data !== LOADED) return;
      end();
      resolve();
    }
    // The script speaks before the document has loaded, or was not there.
    function late(): void {
      setTimeout(() => {
        end();
        reject(new Error('Failed to start the phone: its script phone.js did not load.'));
      }, 1000);
    }
    addEventListener('message', hear);
    frame.addEventListener('load', late);
  });
}

function startOptions({ backend, language = 'en', ...options }: PhoneOptions): StartOptions {
  const { settings, sources, page, picture } = options;
  const { services, relayUrl, http, login, cloudFunction } = backend;
  const has = { http: !!http, login: !!login, cloudFunction: !!cloudFunction };
  return { settings, sources, page, picture, language, services: [...services], relayUrl, has };
}

/** Questions of the frame that the backend answers. */
class Questions {
  private readonly running = new Map<number, AbortController>();

  constructor(
    private readonly backend: Backend,
    private readonly say: (message: ToFrame) => void,
  ) {}

  async answer({ id, name, args }: Extract<ToPage, { type: 'question' }>): Promise<void> {
    const abort = new AbortController();
    this.running.set(id, abort);
    const { backend, say } = this;
    const work = backend[name] as ((...args: unknown[]) => Promise<unknown>) | undefined;
    const extra = name === 'http' ? [(bytes: number) => say({ type: 'sent', id, bytes }), abort.signal] : [];
    try {
      if (!work) throw new Error(`the playground has no ${name}`);
      const value = await work.call(backend, ...args, ...extra);
      if (this.running.delete(id)) say({ type: 'answer', id, value });
    } catch (error) {
      const { message, errcode } = error as { message?: string; errcode?: number };
      if (this.running.delete(id)) say({ type: 'failure', id, message: message ?? String(error), errcode });
    }
  }

  withdraw(id: number): void {
    this.running.get(id)?.abort();
    this.running.delete(id);
  }

  withdrawAll(): void {
    for (const id of [...this.running.keys()]) this.withdraw(id);
  }
}
