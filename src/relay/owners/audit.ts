import type { FastifyBaseLogger } from 'fastify';
import type { CallEnd } from '../../invocation';
import { bytesOf } from './records';

/**
 * Writes one line for each request of a call that was sent, or never left: who, what, and what came of it. Never what
 * the user sent or got, nor who the user is. A file of its own, so that what the log holds of calls is read in one place.
 *
 * @param log - the relay's; audit lines are written whatever its level, unless it is silent
 * @param app - the appid, where the relay has several apps
 */
export function auditTo(log: FastifyBaseLogger, app?: string): (end: CallEnd) => void {
  // Its fields are fixed and hold no secret; looking for some would cost more than the line.
  const fields = { audit: true, ...(app !== undefined && { app }) };
  const audit = log.level === 'silent' ? log : log.child(fields, { level: 'info', redact: [] });
  return ({ invocation: { id, call }, user, isRepeat, reply, billing, ms }) => {
    // A repeat of a call that nothing came of is answered as that is, and cost nothing.
    if (isRepeat && billing === 'none') return;
    audit.info(
      {
        user,
        service: call.service,
        api: call.api,
        id,
        request_id: reply?.request_id,
        errcode: reply?.errcode,
        billing,
        repeat: isRepeat,
        ms: Math.round(ms),
        bytes: reply && bytesOf(reply),
      },
      'call',
    );
  };
}
