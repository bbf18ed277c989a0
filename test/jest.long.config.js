/** `npm run test:long`: many more generated cases than a usual run has, and new ones each time, also in CI. */
process.env.TEST_SEED ||= String(Date.now() % 2 ** 31);

module.exports = {
  ...require('../jest.config.js'),
  rootDir: '..',
  testMatch: ['<rootDir>/test/schedules/**/*.test.ts', '<rootDir>/test/hostile/{data,hosts}.test.ts'],
  globals: { TIMES: 20 },
};
