// Apart, so that the prompts are loaded with the first question.
import { confirm, isCancel } from '@clack/prompts';
import { text } from '../texts';

/** @returns whether the question was answered with yes; Ctrl+C is a no */
export async function ask(question: string): Promise<boolean> {
  const answer = await confirm({ message: question, active: text('yes'), inactive: text('no') });
  return !isCancel(answer) && answer;
}
