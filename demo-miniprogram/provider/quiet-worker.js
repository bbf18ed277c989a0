'use strict';

/*
 * The image library inside the worker prints its own lines on stderr for a damaged picture. The worker rejects
 * with an error as well, which is the one that the user should see.
 */
console.error = () => {};

require('tesseract.js/src/worker-script/node/index.js');
