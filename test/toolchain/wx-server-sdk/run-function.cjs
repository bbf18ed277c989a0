// One instance of a cloud function: loads it and runs the events that the parent process sends, with the
// environment variables of each, one at a time.
const path = require('node:path');

const { main } = require(path.resolve(process.argv[2], 'index.js'));

process.on('message', async ({ event, variables }) => {
  Object.assign(process.env, variables);
  try {
    process.send({ result: (await main(event, {})) ?? null });
  } catch (error) {
    process.send({ error: String(error.stack) });
  }
});
