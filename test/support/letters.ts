/** Another letter than this one: what replaces a letter of a random text, so that it is changed each time. */
export const otherLetter = (letter: string): string => (letter === 'A' ? 'B' : 'A');
