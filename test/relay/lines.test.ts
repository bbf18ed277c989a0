import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { LineReader, LineWriter, readLine } from '../../src/relay/stores/folder/lines';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';

async function openFile(name = 'lines') {
  const file = await open(join(temporaryFolder(), name), 'w+');
  cleanUpAfterTest(() => file.close());
  return file;
}

test('lines are read where they were written, one by one and in turn, and copied whole', async () => {
  const [file, other] = [await openFile(), await openFile('other')];
  const writer = new LineWriter(file);
  const lines = ['a', '{"b":"ä"}', 'c'.repeat(3_000_000), 'd'];
  const ranges = [];
  for (const line of lines) ranges.push(await writer.add(line));
  await writer.flush();
  for (const [n, range] of ranges.entries()) expect(await readLine(file, range)).toBe(lines[n]);
  const reader = new LineReader(file);
  for (const [n, range] of ranges.entries()) expect(await reader.read(range)).toBe(lines[n]);
  const copy = new LineWriter(other);
  await copy.copy(file, 0, writer.end);
  expect(copy.end).toBe(writer.end);
  expect(await readLine(other, ranges[2])).toBe(lines[2]);
});

test('a line that is not as it was written is named by its place', async () => {
  const file = await openFile();
  const writer = new LineWriter(file);
  await writer.add('first');
  const { offset, length } = await writer.add('second');
  await writer.flush();
  await file.write('S', offset + length - 'second\n'.length);
  await expect(readLine(file, { offset, length })).rejects.toThrow(
    `Failed to read the journal: the line at byte ${offset} is damaged.`,
  );
});

test('a file that is shorter than it was is an error, and no wait without an end', async () => {
  const [file, other] = [await openFile(), await openFile('other')];
  const writer = new LineWriter(file);
  const { offset, length } = await writer.add('line');
  await writer.flush();
  const tooShort = 'the journal: it is shorter than it was';
  await expect(new LineWriter(other).copy(file, 0, writer.end + 1)).rejects.toThrow(tooShort);
  await expect(readLine(file, { offset, length: length + 5 })).rejects.toThrow(tooShort);
  await expect(new LineReader(file).read({ offset: offset + 100, length })).rejects.toThrow(tooShort);
});
