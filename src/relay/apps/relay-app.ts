import type { Invoker, Limiter, Market } from '../../invocation';
import type { PushReader } from '../../openapi';
import type { FileIds } from '../files/file-id';
import type { AppMetrics } from '../owners/app-metrics';
import type { DenyList } from '../owners/deny-list';
import type { HeldQuestions } from '../push/held-questions';
import type { PushReceiver } from '../push/push-receiver';
import type { RelayOutcomes } from '../stores/stores';
import type { AppSettings } from './app-options';

/**
 * Everything that is one app's own. A route gets it with the session or the path of its request, and reaches no other
 * app by it: limits, outcomes, denials and files of two apps never meet, because nothing holds both.
 */
export interface RelayApp {
  settings: AppSettings;
  limiter: Limiter;
  denied: DenyList;
  /** The platform's service market, as this app. */
  market: Market;
  outcomes: RelayOutcomes;
  invoker: Invoker;
  fileIds: FileIds;
  /** What the URLs of its files begin with, with a slash at the end. */
  filesUrl(): string;
  /** What the platform pushes to it. Absent where it pushes nothing; then no question waits. */
  pushes?: { reader: PushReader; receiver: PushReceiver; held: HeldQuestions };
  metrics?: AppMetrics;
}

/** Whose session a request carries. */
export interface RelaySession {
  app: RelayApp;
  /** As the app's `authenticate` returned it. */
  userId: string;
  /** The user and the app: what no two users of a relay share. */
  owner: string;
}
