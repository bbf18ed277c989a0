import { RelayError } from './relay-error';

/** Interfaces that may be called, per service. Nothing else is. */
export type Services = Readonly<Record<string, readonly string[]>>;

/** @throws RelayError 403 for a pair that is not listed */
export function requireListed(services: Services, service: string, api: string): void {
  if (Object.hasOwn(services, service) && services[service].includes(api)) return;
  throw new RelayError(
    403,
    `Failed to call ${service} / ${api}: this relay does not allow it. Its owner can list the pair under "services".`,
  );
}
