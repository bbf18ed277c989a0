/** Ms that a timer can be set to; with more it would end at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;
