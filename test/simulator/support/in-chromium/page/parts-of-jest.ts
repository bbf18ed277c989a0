/** What `expect` asks of jest's packages for Node, `jest-util` and `jest-message-util`, in the page. */

export const isPromise = (value: unknown): boolean =>
  typeof (Object(value) as { then?: unknown }).then === 'function';
export const pluralize = (word: string, count: number): string => `${count} ${word}${count === 1 ? '' : 's'}`;
export class ErrorWithStack extends Error {}

export const separateMessageFromStack = (stack: string): { stack: string } => ({ stack });
export const formatStackTrace = (stack: string): string => stack;
export const formatExecError = (error: unknown): string => String(error);
