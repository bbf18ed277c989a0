import type { IncomingMessage } from 'node:http';
import { readJson, RequestError } from './body';
import type { Services } from './services';

/** What the page asks of the server, beside what its phone sends to the relay. Each is a POST with a JSON object. */
const CALLS: Record<string, (services: Services, body: Record<string, unknown>) => unknown> = {
  /** What there is, as `service/api`. */
  services: ({ services }) => ({ services }),

  /** A code of `wx.login`. */
  login: (services) => ({ code: services.issueCode() }),

  /** `{service, api, data, files}`: bytes in base64 by their URL. Answers `{value}`, or `{error}` with its text. */
  provide: (services, { service, api, data, files }) =>
    outcomeOf(services.provide(`${String(service)}/${String(api)}`, data, bytesIn(files))),

  /** `{event, files}`: the cloud function. Answers like `provide`. */
  cloud: (services, { event, files }) => outcomeOf(services.runCloudFunction(event, bytesIn(files))),

  /** `{billing}`: how the market behind the relay bills repeats. */
  settings(services, { billing }) {
    if (billing !== 'perId' && billing !== 'perMessage') {
      throw new RequestError(400, 'billing is perId or perMessage');
    }
    services.useBilling(billing);
    return {};
  },

  /** `{messages, bills}`: how many of each the page has. Answers those after them. */
  traffic: (services, { messages, bills }) =>
    services.trafficSince(Number(messages) || 0, Number(bills) || 0),
};

/** A failure of a service is an answer of the server. */
function outcomeOf(work: Promise<unknown>): Promise<{ value: unknown } | { error: string }> {
  return work.then(
    (value) => ({ value }),
    (error: Error) => ({ error: error.message }),
  );
}

function bytesIn(files: unknown): Record<string, Buffer> {
  const entries = Object.entries((files ?? {}) as Record<string, string>);
  return Object.fromEntries(entries.map(([url, base64]) => [url, Buffer.from(base64, 'base64')]));
}

/** @throws RequestError where there is no such call, or it is not asked as it must be */
export async function answerApi(
  services: Services,
  name: string,
  request: IncomingMessage,
): Promise<unknown> {
  const call = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
  if (!call) throw new RequestError(404, 'no such call');
  if (request.method !== 'POST') throw new RequestError(405, 'send a POST');
  return call(services, await readJson(request));
}
