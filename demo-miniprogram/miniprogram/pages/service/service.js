const { describeError } = require('../../utils/describe-error');

Page({
  data: {
    /** empty, loading, result or error */
    state: 'empty',
    text: '',
    keywords: [],
    error: null,
  },

  editText(event) {
    this.setData({ text: event.detail.value, state: 'empty' });
  },

  checkText() {
    if (this.data.state === 'loading') return undefined;
    this.setData({ state: 'loading', keywords: [], error: null });
    return wx.serviceMarket
      .invokeService({
        service: 'wxee446d7507c68b11',
        api: 'msgSecCheck',
        data: { Action: 'TextApproval', Text: this.data.text },
      })
      .then((res) => this.showResult(res.data.Response.EvilTokens))
      .catch((err) => this.setData({ state: 'error', error: describeError(err) }));
  },

  showResult(tokens) {
    const keywords = tokens.reduce((all, token) => all.concat(token.EvilKeywords), []);
    this.setData({ state: 'result', keywords });
  },
});
