/** What the mini-programs of the playground say, in Chinese: their sources are in English. */
const IN_CHINESE: [english: string, chinese: string][] = [
  ['Service market', '服务市场'],
  ['Photo to text, by a plugin', '照片转文字（插件）'],
  ["A plugin reads it, on this mini-program's account", '由插件识别，费用由本小程序承担'],
  ['Photo to text', '照片转文字'],
  ['Check a text', '文本检查'],
  ['Progress and abort', '进度与中止'],
  ['Long task', '长任务'],
  ['Choose a photo of a receipt, a sign or a page', '选一张小票、招牌或书页的照片'],
  ['Printed text comes back as text', '照片上的印刷文字会变成文本'],
  ['Choose another photo', '换一张照片'],
  ['Choose a photo', '选择照片'],
  ['Reading the photo…', '正在识别……'],
  ['Text on the photo', '照片上的文字'],
  ['No text found', '没有识别到文字'],
  ['Try a sharper photo with the text upright.', '请换一张更清晰、文字端正的照片。'],
  ['Request {{requestId}}', '请求 {{requestId}}'],
  ['Copy the text', '复制文字'],
  ['The photo was not read', '照片没有识别成功'],
  ['Try again', '重试'],
  ['Uploading', '正在上传'],
  ['Cancel', '取消'],
  ['The service is working', '服务正在处理'],
  ['times asked, not done yet', '次询问，尚未完成'],
  ['Write a comment to check before it is published', '写一条评论，发布前先检查'],
  ['Checking…', '正在检查……'],
  ['Please change the text', '请修改文本'],
  ['Nothing unwanted found', '没有发现不当内容'],
  ['The text was not checked', '文本没有检查成功'],
  [
    'The service is not open for this mini-program, or nothing is left in its package. Open it in the service market.',
    '这个小程序还没有开通该服务，或套餐已用完。请在服务市场开通。',
  ],
  [
    'This service or interface does not exist. Check its appid and name in the service market.',
    '没有这个服务或接口。请在服务市场核对 appid 和名称。',
  ],
  ['The service does not answer at the moment. Try again later.', '服务暂时没有响应，请稍后再试。'],
  [
    'This phone cannot send it by itself, and the app has no other way set up. Its developer can: see the details below.',
    '这部手机自己发不出去，小程序也没有配置别的通道。开发者请看下面的详情。',
  ],
  ['The service could not use what it was given. Choose something else.', '服务无法使用这份内容，请换一份。'],
  [
    'The request is incomplete or this phone cannot send it. See the details below.',
    '请求不完整，或这部手机发不出去。请看下面的详情。',
  ],
  ['The request did not get through. Check the network and try again.', '请求没有送达。请检查网络后重试。'],
  ['Too many requests. Wait a moment and try again.', '请求太频繁，请稍等片刻再试。'],
  ["Today's quota is used up. Try again tomorrow.", '今天的配额已用完，请明天再试。'],
  ['Something went wrong. Try again.', '出错了，请重试。'],
  [
    '// The marked file is uploaded; the service receives its URL.',
    '// 标记的文件会被上传，服务收到的是它的 URL',
  ],
  ['// 3: the picture is given by URL', '// 3：图片以 URL 给出'],
  ['// 8: printed text', '// 8：印刷文字'],
  ['/** empty, loading, result or error */', '/** empty、loading、result 或 error */'],
  ['/** empty, sending, waiting, result or error */', '/** empty、sending、waiting、result 或 error */'],
  [
    '// error.billing says whether the call may have been paid for.',
    '// error.billing 说明这次调用是否可能已经计费',
  ],
  [
    '// The market answers at once with a requestId; the service goes on working.',
    '// 市场立刻返回 requestId，服务继续处理',
  ],
  [
    '// Keep it: the result can be asked for after a restart of the app too.',
    '// 保存下来：小程序重启后仍可查询结果',
  ],
];

/** Longest first: some begin like others. */
const SORTED = [...IN_CHINESE].sort(([one], [other]) => other.length - one.length);

/** @returns the source of a mini-program with its texts in Chinese */
export function inChinese(source: string): string {
  return SORTED.reduce((text, [english, chinese]) => text.replaceAll(english, chinese), source);
}
