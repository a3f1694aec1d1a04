import { describe, expect, test } from 'vitest';
import {
  knownEntities,
  readDictionary,
  type DictionaryFormat,
} from '../../src/identity/dictionary-reader.js';
import type { KnownEntity } from '../../src/store/identity-store.js';

/** The text in chunks of a few bytes, so that characters and lines are cut. */
async function* chunks(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function read(format: DictionaryFormat, text: string): Promise<KnownEntity[]> {
  const found: KnownEntity[] = [];
  for await (const batch of readDictionary(chunks(text), format, 'people')) found.push(...batch);
  return found;
}

const json = (...entries: object[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
const CURIE = { type: 'PER', name: 'Marie Curie' };

describe('a dictionary', () => {
  test('reads alike as CSV and as JSON lines', async () => {
    const fromJson = await read(
      'jsonl',
      json(
        {
          ...CURIE,
          aliases: ['Maria Skłodowska', 'Madame "Curie", the'],
          externalIds: ['Q7186', 'viaf:76353174'],
        },
        { type: 'LOC', name: 'Łódź' },
      ),
    );
    const fromCsv = await read(
      'csv',
      '\uFEFFname,externalIds,type,aliases\r\n' +
        'Marie Curie,http://www.wikidata.org/entity/Q7186|viaf:76353174,PER,"Maria Skłodowska|Madame ""Curie"", the"\r\n' +
        '\r\nŁódź,,LOC,\r\n',
    );
    expect(fromCsv).toEqual(fromJson);
    expect(fromJson[0]).toMatchObject({
      ...CURIE,
      aliases: ['Maria Skłodowska', 'Madame "Curie", the'],
      externalIds: [
        { scheme: 'wikidata', value: 'Q7186' },
        { scheme: 'viaf', value: '76353174' },
      ],
    });
  });

  test('keeps an entity under its first external id whatever it is called', async () => {
    const id = async (name: string, externalIds: string[]) =>
      (await read('jsonl', json({ type: 'PER', name, externalIds })))[0]?.id;
    expect(await id('Marie Curie', ['Q7186'])).toBe(
      await id('Marie Skłodowska Curie', ['wikidata:Q7186', 'viaf:1']),
    );
    expect(await id('Marie Curie', ['Q7186'])).not.toBe(await id('Marie Curie', ['Q7187']));
  });

  test('lists no alias twice and none that is the name', async () => {
    const [curie] = await read('jsonl', json({ ...CURIE, aliases: ['Curie', ' Marie  Curie', 'Curie'] }));
    expect(curie?.aliases).toEqual(['Curie']);
  });

  test('is read in batches', async () => {
    const sizes: number[] = [];
    const many = json(
      ...Array.from({ length: 1201 }, (_, place) => ({ type: 'ORG', name: `House ${place}` })),
    );
    for await (const batch of readDictionary(chunks(many, 4096), 'jsonl', 'houses')) sizes.push(batch.length);
    expect(sizes).toEqual([500, 500, 201]);
  });

  test.each([
    ['jsonl', json(CURIE, { ...CURIE, type: 'TIME' }), 2, ['type'], 'expected one of PER, ORG, LOC, MISC'],
    ['jsonl', json({ type: 'PER' }), 1, ['name'], 'expected a string'],
    ['jsonl', json({ ...CURIE, name: ' ' }), 1, ['name'], 'expected a name'],
    ['jsonl', json({ ...CURIE, name: 'x'.repeat(501) }), 1, ['name'], 'at most 500'],
    ['jsonl', json({ ...CURIE, name: 'Ma\u0000rie' }), 1, ['name'], 'control character'],
    ['jsonl', json({ ...CURIE, aliases: 'Curie' }), 1, ['aliases'], 'expected a list'],
    ['jsonl', json({ ...CURIE, aliases: ['Curie', 7] }), 1, ['aliases', 1], 'expected a string'],
    ['jsonl', json({ ...CURIE, externalIds: ['7186'] }), 1, ['externalIds', 0], 'scheme:value'],
    ['jsonl', json({ ...CURIE, externalIds: ['wikidata:P19'] }), 1, ['externalIds', 0], 'scheme:value'],
    [
      'jsonl',
      json(CURIE, { ...CURIE, alias: ['Curie'] }),
      2,
      ['alias'],
      'unknown field "alias"; expected type, name, aliases, externalIds',
    ],
    ['jsonl', json(CURIE, { type: 'LOC', name: 'Łódź' }, CURIE), 3, ['name'], 'line 1 has the same entity'],
    ['jsonl', `${json(CURIE)}[]\n`, 2, [], 'one JSON object'],
    ['jsonl', `${json(CURIE)}{\n`, 2, [], 'not JSON'],
    ['csv', 'type,label\nPER,Curie\n', 1, [], 'no column name'],
    ['csv', 'type,name,url\nPER,Curie,x\n', 1, [], 'unknown column "url"'],
    ['csv', 'type,name,name\nPER,Curie,x\n', 1, [], 'the column name twice'],
    ['csv', 'type,name\nPER,Curie\nPER\n', 3, [], 'Record Length'],
    ['csv', 'type,name\nPER,"Curie\n', 2, [], 'Quote'],
    ['csv', 'type,name\nPER,Curie\nper,Bohr\n', 3, ['type'], 'got "per"'],
  ] as const)(
    'that is wrong is refused with file, line and field (%s %#)',
    async (format, text, line, field, words) => {
      await expect(read(format, text)).rejects.toMatchObject({
        code: 'INVALID_FILE',
        path: ['people', 'line', line, ...field],
        message: expect.stringMatching(new RegExp(`^people:${line}: .*${words}`)),
      });
    },
  );

  test.each([
    ['jsonl', ''],
    ['csv', ''],
    ['csv', 'type,name\n'],
  ] as const)(
    'without entries is refused: it would take the place of one that has some (%s %#)',
    async (format, text) => {
      await expect(read(format, text)).rejects.toMatchObject({
        code: 'INVALID_FILE',
        path: ['people'],
        message: expect.stringContaining('no entries'),
      });
    },
  );

  test.each([
    ['name', 'type,name\nPER,Bohr\nPER,Sk\xb3odowska\n', ['name']],
    ['alias', 'type,name,aliases\nPER,Bohr,\nPER,Curie,Maria|Sk\xb3odowska\n', ['aliases', 1]],
    ['external id', 'type,name,externalIds\nPER,Bohr,\nPER,Curie,x:\xb3\n', ['externalIds', 0]],
  ] as const)('in another encoding than UTF-8 is refused: %s', async (_what, text, field) => {
    const bytes = async function* () {
      yield Buffer.from(text, 'latin1');
    };
    await expect(readDictionary(bytes(), 'csv', 'people').next()).rejects.toMatchObject({
      code: 'INVALID_FILE',
      path: ['people', 'line', 3, ...field],
      message: expect.stringContaining('UTF-8'),
    });
  });
});

describe('entries of a call', () => {
  test('are checked like those of a file', () => {
    expect(knownEntities([CURIE])).toMatchObject([{ ...CURIE, aliases: [], externalIds: [] }]);
    expect(() => knownEntities([CURIE, { ...CURIE, type: 'NUM' }])).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', path: ['entries', 1, 'type'] }),
    );
    expect(() => knownEntities([CURIE, CURIE])).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', path: ['entries', 1, 'name'] }),
    );
  });
});
