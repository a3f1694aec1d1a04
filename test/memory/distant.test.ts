import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitSentences } from '../../src/extraction/sentences.js';
import { buildFromFacts, type DistantBuild } from '../../src/memory/distant/build-distant.js';
import { readFacts } from '../../src/memory/distant/fact-files.js';
import type { Fact } from '../../src/memory/distant/facts.js';
import { NameMatcher } from '../../src/memory/distant/name-matcher.js';
import { readPackage } from '../../src/memory/package.js';
import { realEncoder, schema } from '../inference/real-models.js';
import { said } from './builders.js';
import { temporaryFolder } from './temporary.js';

const encoder = await realEncoder(1);

describe('names are found', () => {
  const find = (names: readonly string[], text: string): string[] =>
    new NameMatcher(names.map((name) => ({ names: [name] })))
      .find(text)
      .map(({ start, end }) => text.slice(start, end));

  test.each([
    ['the longest at a place', ['New York', 'New York City'], 'In New York City.', ['New York City']],
    ['at the ends of words alone', ['Rom', 'Rome'], 'From Rome to Romeo.', ['Rome']],
    ['with their capitals', ['Apple', 'US'], 'Give us an apple from Apple in the US.', ['Apple', 'US']],
    ['in capitals, too', ['The Hague'], 'THE HAGUE, 1907', ['THE HAGUE']],
    ['without their accents', ['José Martí'], 'It honours Jose Marti.', ['Jose Marti']],
    ['with a possessive ending', ['Curie'], 'Curie’s prize', ['Curie']],
    ['not over a bracket', ['Ada Lovelace'], 'Ada (Lovelace)', []],
  ])('%s', (_, names, text, found) => {
    expect(find(names, text)).toEqual(found);
  });

  test('wherever they stand, and no two overlap', () => {
    const name = fc.constantFrom('Ada', 'Ada Lovelace', 'Lovelace', 'Byron');
    fc.assert(
      fc.property(fc.array(fc.oneof(name, fc.constantFrom('met', 'and', '—', '(', 'ada'))), (parts) => {
        const text = parts.join(' ');
        const spans = new NameMatcher([{ names: ['Ada', 'Ada Lovelace', 'Lovelace', 'Byron'] }]).find(text);
        for (const [index, { start }] of spans.entries())
          expect(start).toBeGreaterThanOrEqual(spans[index - 1]?.end ?? 0);
        expect(spans.filter(({ start, end }) => text.slice(start, end) === 'Byron')).toHaveLength(
          parts.filter((part) => part === 'Byron').length,
        );
      }),
    );
  });
});

describe('facts are read', () => {
  const read = async (name: string, content: string): Promise<Fact[]> => {
    const file = join(await temporaryFolder(), name);
    await writeFile(file, content);
    const facts: Fact[] = [];
    for await (const fact of readFacts(file, { schema })) facts.push(fact);
    return facts;
  };

  test('from CSV, with aliases, dates and the names of predicates', async () => {
    const [born, when] = await read(
      'facts.csv',
      'subject,predicate,object,subject_aliases\n"Byron, Lord",place of birth,London,Byron|Lord Byron\nByron,P569,1788-01-22,\n',
    );
    expect(born).toMatchObject({
      predicate: 'P19',
      subject: { names: ['Byron, Lord', 'Byron', 'Lord Byron'] },
    });
    expect(when?.object.names).toContain('22 January 1788');
  });

  test('from N-Triples, by labels in any order, an inverse property turned round', async () => {
    const label = '<http://www.w3.org/2000/01/rdf-schema#label>';
    const facts = await read(
      'facts.nt',
      '<urn:b> <http://www.wikidata.org/prop/direct/P40> <urn:a> .\n' +
        `<urn:a> ${label} "Ada Lovelace"@en .\n<urn:b> ${label} "Lord Byron" .\n`,
    );
    expect(facts).toMatchObject([
      { predicate: 'P22', subject: { names: ['Ada Lovelace'] }, object: { names: ['Lord Byron'] } },
    ]);
  });

  test.each([
    ['facts.csv', 'subject,object\nA,B\n', 'INVALID_FILE'],
    ['facts.csv', 'subject,predicate,object\nA,,B\n', 'INVALID_FILE'],
    ['facts.csv', 'subject,predicate,object\nA,"P19,B\n', 'INVALID_FILE'],
    ['facts.nt', '<urn:a> <urn:b> .\n', 'INVALID_FILE'],
    ['facts.xml', '', 'INVALID_ARGUMENT'],
  ])('a malformed %s is refused: %j', async (name, content, code) => {
    await expect(read(name, content)).rejects.toMatchObject({ code });
  });
});

const FACTS: Fact[] = [
  fact('Grace Hopper', 'P108', 'Remington Rand'),
  fact('Ada Lovelace', 'P19', 'London'),
  fact('Ada Lovelace', 'P20', 'London'),
  fact('Ada Lovelace', 'P26', 'William King'),
];
const TEXT =
  'Grace Hopper worked for Remington Rand in Philadelphia. Ada Lovelace lived in London. ' +
  'In 1835 William King married Ada Lovelace. Grace Hopper never met William King.';

function fact(subject: string, predicate: string, object: string): Fact {
  return {
    subject: { key: subject, names: [subject] },
    predicate,
    object: { key: object, names: [object] },
    place: ['facts.csv', 2],
  };
}

async function distantBuild(changes: Partial<DistantBuild> = {}): Promise<DistantBuild> {
  return {
    memoriesDir: await temporaryFolder(),
    name: 'ds',
    description: 'toy',
    license: 'MIT',
    normalised: true,
    keyType: 'float16',
    encoder,
    schema,
    facts: each(FACTS),
    corpus: each([{ id: 'a', origin: 'a.txt', text: TEXT }]),
    inputs: [],
    splitSentences,
    ambiguous: 'drop',
    nilShare: 1,
    ...changes,
  };
}

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

test('a sentence that names both sides of a fact becomes an example of it', async () => {
  const build = await distantBuild();
  const { manifest, counts, facts } = await buildFromFacts(build);
  const { entries } = await readPackage(join(build.memoriesDir, 'ds@1.0.0'));
  const examples = entries.map(said);
  expect(examples).toContainEqual(['Grace Hopper', 'P108', 'Remington Rand']);
  // A spouse has a spouse.
  expect(examples).toContainEqual(['William King', 'P26', 'Ada Lovelace']);
  expect(examples).toContainEqual(['Ada Lovelace', 'P26', 'William King']);
  expect(examples).toContainEqual(['Grace Hopper', 'NIL', 'William King']);
  // Born there and died there: which one the sentence says nobody knows.
  expect(examples.some(([subject, , object]) => subject === 'Ada Lovelace' && object === 'London')).toBe(
    false,
  );
  expect(counts).toMatchObject({ texts: 1, sentences: 4, ambiguousPairs: 1 });
  expect(facts).toBe(5);
  expect(manifest).toMatchObject({ version: '1.0.0', built: { by: 'distant-supervision' } });
});

test('ambiguous pairs are kept with every label where they are asked for', async () => {
  const build = await distantBuild({ ambiguous: 'all', nilShare: 0 });
  const { manifest } = await buildFromFacts(build);
  expect(manifest.countsByLabel).toEqual({ P19: 1, P20: 1, P26: 2, P108: 1 });
});

test.each<[string, Partial<DistantBuild>, object]>([
  ['a predicate that nothing knows', { facts: each([fact('A', 'X1', 'B')]) }, { code: 'INVALID_FILE' }],
  ['no fact', { facts: each<Fact>([]) }, { code: 'INVALID_ARGUMENT', path: ['facts'] }],
  ['an empty corpus', { corpus: each([]) }, { code: 'INVALID_ARGUMENT', path: ['corpus'] }],
  [
    'a corpus without a match',
    { corpus: each([{ id: 'b', origin: 'b', text: 'Nothing here.' }]) },
    { code: 'INVALID_ARGUMENT', path: ['sources'] },
  ],
  ['a share past one', { nilShare: 2 }, { code: 'INVALID_ARGUMENT', path: ['nilShare'] }],
])('%s is refused, and nothing is written', async (_, changes, error) => {
  const build = await distantBuild(changes);
  await expect(buildFromFacts(build)).rejects.toMatchObject(error);
  expect(await readdir(build.memoriesDir)).toEqual([]);
});
