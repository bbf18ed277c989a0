'use strict';

const PAGE = 'pages/ocr/ocr';

/** Page states in which nothing is under way. */
const IS_SETTLED = { result: true, error: true };

/**
 * Opens the page that reads photos and does what a user does: chooses a photo and waits for the page to show
 * something.
 *
 * @param {{show(page: string): object}} host
 * @returns {Promise<{text: string, requestId: string}>} what the page shows
 * @throws {Error} with the text of the page's error card
 */
async function chooseAndWait(host) {
  const page = host.show(PAGE);
  const { setData } = page;
  await new Promise((resolve) => {
    page.setData = (change, shown) => {
      setData.call(page, change, shown);
      if (IS_SETTLED[page.data.state]) resolve();
    };
    page.choosePhoto();
  });
  const { state, text, requestId, error } = page.data;
  if (state === 'result') return { text, requestId };
  throw new Error(`Failed to read the photo: ${error.message}. ${error.advice}`);
}

module.exports = { chooseAndWait };
