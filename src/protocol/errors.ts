/**
 * `errCode` of every rejection, and the platform's texts (protocol 7).
 *
 * | cause                                                                          | errCode |
 * |--------------------------------------------------------------------------------|---------|
 * | missing or wrong argument, bad marker, unserialisable data, capability missing | -1      |
 * | native failure without code, transfer failure, no channel, abort               | -2      |
 * | refusal of a relay or cloud function                                           | its errcode |
 * | native failure with err_code n; version 1 errcode n                            | n       |
 * | version 2 final answer with errcode n                                          | n, or 103 where n is not a number or 0 |
 * | empty answer / polls / time-out / scene / async                                | 101 / 102 / 104 / 107 / 108 |
 */
export const ERR_ARGUMENT = -1;
export const ERR_CALL = -2;
export const ERR_EMPTY = 101;
export const ERR_POLLS = 102;
export const ERR_PROVIDER = 103;
export const ERR_TIMEOUT = 104;
export const ERR_SCENE = 107;
export const ERR_ASYNC = 108;
