import { InvalidArgumentError } from 'commander';
import { text } from '../texts';

/** The argument of `--port`. @throws InvalidArgumentError where it is none */
export function parsePort(argument: string): number {
  const port = Number(argument);
  if (/^\d+$/.test(argument) && port <= 65535) return port;
  throw new InvalidArgumentError(text('badPort'));
}
