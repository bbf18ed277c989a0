/** `npm run test:long`: many more random schedules than a usual run has. */
module.exports = {
  ...require('../../jest.config.js'),
  rootDir: '../..',
  testMatch: ['<rootDir>/test/schedules/**/*.test.ts'],
  globals: { SCHEDULES: 10_000 },
};
