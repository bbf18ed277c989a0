/**
 * A payload: records as services take them, with text (some of it Chinese), numbers, flags and null in objects
 * and lists. ES5 and self-contained, so that its text runs in any engine.
 *
 * @param leaves - values that are neither object nor list; markers come on top
 * @param markers - spread evenly over the records
 * @param makeMarker - gives what stands in the place of marker i
 */
export function makeData(leaves, markers, makeMarker) {
  var items = [];
  var records = Math.floor(leaves / 10);
  var extra = [];
  var placed = 0;
  for (var i = 0; i < records; i++) {
    var record = {
      id: i,
      name: 'record number ' + i,
      text: i % 3 ? 'line "' + i + '" of a receipt' : '第' + i + '行：发票号码',
      score: (i % 100) / 100,
      ok: i % 2 === 0,
      note: null,
      tags: ['tag' + (i % 7), 'group' + (i % 13)],
      box: { x: i % 640, y: i % 480 },
    };
    if (placed < markers && i >= Math.floor((placed * records) / markers))
      record.image = makeMarker(placed++);
    items.push(record);
  }
  for (var j = 0; j < leaves % 10; j++) extra.push(j);
  return { items: items, extra: extra };
}

/** The URL of the file behind marker i. */
export function urlOf(i) {
  return 'https://cdn.example.com/files/' + i + '?token=0123456789abcdef';
}
