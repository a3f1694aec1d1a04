import { describe, expect, test } from 'vitest';
import { sharedApi, withApi, type TestApi } from './harness.js';

const INGEST = `mutation ($documents: [DocumentInput!]!) {
  ingestDocuments(documents: $documents) {
    ... on IngestedDocument { change document { externalId } }
    ... on InvalidDocument { externalId code message path }
  }
}`;
const GOOD = { externalId: 'good', text: 'Rosa Luz was born in Paris.' };

async function everything({ ask }: TestApi): Promise<unknown> {
  const { data } = await ask(`{
    documents { nodes { id revision } } entities { nodes { id name } } triples { nodes { id confidence } }
    server { counts { documents entities triples evidence } }
  }`);
  return data;
}

describe('a bad document is refused by name and field, and changes nothing', () => {
  const mention = { start: 0, end: 4, type: 'PER' };
  const bad: readonly [string, Record<string, unknown>, string, readonly string[]][] = [
    ['empty text', { text: '' }, 'EMPTY_TEXT', ['text']],
    ['white space alone', { text: ' \n\t ' }, 'EMPTY_TEXT', ['text']],
    ['a text of 5 MB', { text: 'word '.repeat(1_048_576) }, 'TEXT_TOO_LARGE', ['text']],
    ['binary', { text: '\u0001\u0002\u0003\u0004ELF\u0005\u0006' }, 'MALFORMED_TEXT', ['text']],
    ['a lone surrogate', { text: 'Rosa \ud83c Luz' }, 'MALFORMED_TEXT', ['text']],
    ['a NUL', { text: 'Rosa\u0000Luz' }, 'MALFORMED_TEXT', ['text']],
    ['an empty externalId', { externalId: '' }, 'INVALID_DOCUMENT', ['externalId']],
    [
      'a mention past the end',
      { mentions: [{ ...mention, end: 400 }] },
      'INVALID_MENTION',
      ['mentions', '0', 'end'],
    ],
    [
      'a negative start',
      { mentions: [{ ...mention, start: -1 }] },
      'INVALID_MENTION',
      ['mentions', '0', 'start'],
    ],
    ['an empty mention', { mentions: [{ ...mention, end: 0 }] }, 'INVALID_MENTION', ['mentions', '0', 'end']],
    [
      'overlapping mentions',
      { mentions: [mention, { ...mention, start: 2, end: 8 }] },
      'INVALID_MENTION',
      ['mentions', '1'],
    ],
    [
      'a mention past the end in code points',
      { text: '🎓🎓🎓', offsetUnit: 'CODE_POINTS', mentions: [{ ...mention, end: 4 }] },
      'INVALID_MENTION',
      ['mentions', '0', 'end'],
    ],
  ];

  const shared = sharedApi();

  test.each(bad)('%s', async (_name, fields, code, path) => {
    const api = shared();
    await api.ingest({ before: 'Ann Moss was born in Warsaw.' });
    const before = await everything(api);
    const { data, errors } = await api.ask(INGEST, {
      documents: [{ externalId: 'bad', text: 'Rosa Luz was born in Paris.', ...fields }],
    });
    expect(errors).toEqual([]);
    const [outcome] = data.ingestDocuments;
    expect(outcome).toMatchObject({ externalId: fields['externalId'] ?? 'bad', code });
    expect(outcome.path.slice(0, 2 + path.length)).toEqual(['documents', '0', ...path]);
    expect(outcome.message.length).toBeGreaterThan(5);
    expect(await everything(api)).toEqual(before);
  });

  test('of a batch with bad documents the others are kept', () =>
    withApi(async ({ ask }) => {
      const documents = [
        GOOD,
        { externalId: 'empty', text: '' },
        { ...GOOD },
        { ...GOOD, externalId: 'also good' },
      ];
      const { data } = await ask(INGEST, { documents });
      expect(data.ingestDocuments).toEqual([
        { change: 'CREATED', document: { externalId: 'good' } },
        expect.objectContaining({
          externalId: 'empty',
          code: 'EMPTY_TEXT',
          path: ['documents', '1', 'text'],
        }),
        expect.objectContaining({ code: 'DUPLICATE_EXTERNAL_ID', path: ['documents', '2', 'externalId'] }),
        { change: 'CREATED', document: { externalId: 'also good' } },
      ]);
    }));

  test('right-to-left marks and emoji are text like any other', () =>
    withApi(async ({ ask }) => {
      const text = '\u200fRosa Luz🎓 was born in Paris.\u200e';
      const { data } = await ask(INGEST, {
        documents: [
          {
            externalId: 'rtl',
            text,
            offsetUnit: 'CODE_POINTS',
            mentions: [
              { start: 1, end: 9, type: 'PER' },
              { start: 23, end: 28, type: 'LOC' },
            ],
          },
        ],
      });
      expect(data.ingestDocuments).toEqual([{ change: 'CREATED', document: { externalId: 'rtl' } }]);
      const { data: read } = await ask(
        '{ triples { nodes { subject { name } predicate { id } object { name } } } }',
      );
      expect(read.triples.nodes).toEqual([
        { subject: { name: 'Rosa Luz' }, predicate: { id: 'P19' }, object: { name: 'Paris' } },
      ]);
    }));
});

describe('a bad argument is named', () => {
  const cases: readonly [string, string, Record<string, unknown>, string, readonly (string | number)[]][] = [
    ['first: 0', '{ triples(first: 0) { totalCount } }', {}, 'INVALID_ARGUMENT', ['first']],
    ['first: 10,000', '{ documents(first: 10000) { totalCount } }', {}, 'INVALID_ARGUMENT', ['first']],
    [
      'a malformed cursor',
      '{ triples(after: "nonsense") { nodes { id } } }',
      {},
      'INVALID_ARGUMENT',
      ['after'],
    ],
    ['the same for entities', '{ entities(after: "!") { nodes { id } } }', {}, 'INVALID_ARGUMENT', ['after']],
    [
      'a cursor of another list',
      '{ memoryEntries(after: "YXQ6eA") { nodes { id } } }',
      {},
      'INVALID_ARGUMENT',
      ['after'],
    ],
    [
      'a confidence above 1',
      '{ triples(filter: { confidence: { min: 1.5 } }) { totalCount } }',
      {},
      'INVALID_ARGUMENT',
      ['filter', 'confidence', 'min'],
    ],
    [
      'a range upside down',
      '{ triples(filter: { confidence: { min: 0.9, max: 0.1 } }) { totalCount } }',
      {},
      'INVALID_ARGUMENT',
      ['filter', 'confidence', 'min'],
    ],
    [
      'a set of 501',
      'query ($ids: [ID!]) { triples(filter: { entityIds: $ids }) { totalCount } }',
      { ids: Array.from({ length: 501 }, (_, index) => `ent_${index}`) },
      'INVALID_ARGUMENT',
      ['filter', 'entityIds'],
    ],
    [
      'a memory that is not open',
      '{ memoryEntries(memory: "none") { totalCount } }',
      {},
      'NOT_FOUND',
      ['memory'],
    ],
    [
      'a marked pair out of range',
      '{ memoryEntries(similarTo: { text: "ab", subject: { start: 0, end: 1, type: PER }, object: { start: 1, end: 9, type: LOC } }) { totalCount } }',
      {},
      'INVALID_ARGUMENT',
      ['similarTo', 'object', 'end'],
    ],
    [
      'a marked pair that overlaps',
      '{ memoryEntries(similarTo: { text: "abc", subject: { start: 0, end: 2, type: PER }, object: { start: 1, end: 3, type: LOC } }) { totalCount } }',
      {},
      'INVALID_ARGUMENT',
      ['similarTo', 'object'],
    ],
    ['an empty text to score', '{ scoreText(text: "") { mentions { text } } }', {}, 'EMPTY_TEXT', ['text']],
    [
      'a lambda above 1',
      '{ scoreText(text: "Rosa", overrides: { lambda: 2 }) { mentions { text } } }',
      {},
      'INVALID_ARGUMENT',
      ['overrides', 'lambda'],
    ],
    [
      'a temperature of 0',
      '{ scoreText(text: "Rosa", overrides: { temperature: 0 }) { mentions { text } } }',
      {},
      'INVALID_ARGUMENT',
      ['overrides', 'temperature'],
    ],
    [
      'a memory to score with that is not open',
      '{ scoreText(text: "Rosa", overrides: { memories: ["samples", "none"] }) { mentions { text } } }',
      {},
      'NOT_FOUND',
      ['overrides', 'memories', 1],
    ],
    [
      'a memory to score with that is named twice',
      '{ scoreText(text: "Rosa", overrides: { memories: ["samples", "samples"] }) { mentions { text } } }',
      {},
      'INVALID_ARGUMENT',
      ['overrides', 'memories', 1],
    ],
    [
      'a k of 0 for a memory to score with',
      '{ scoreText(text: "Rosa", overrides: { memories: ["samples"], k: 0 }) { mentions { text } } }',
      {},
      'INVALID_ARGUMENT',
      ['overrides', 'k'],
    ],
    ['no documents', INGEST, { documents: [] }, 'INVALID_ARGUMENT', ['documents']],
    [
      'an unknown mention type',
      INGEST,
      { documents: [{ ...GOOD, mentions: [{ start: 0, end: 4, type: 'ALIEN' }] }] },
      'INVALID_ARGUMENT',
      ['documents', 0, 'mentions', 0, 'type'],
    ],
    ['a missing text', INGEST, { documents: [{ externalId: 'x' }] }, 'INVALID_ARGUMENT', ['documents', 0]],
    ['a missing variable', INGEST, {}, 'INVALID_ARGUMENT', ['documents']],
  ];

  const shared = sharedApi();

  test.each(cases)('%s', async (_name, query, variables, code, path) => {
    const api = shared();
    const { errors } = await api.ask(query, variables);
    expect(errors.map(({ extensions }) => extensions)).toEqual([{ code, path }]);
    expect(await api.ask('{ documents { totalCount } }')).toMatchObject({
      data: { documents: { totalCount: 0 } },
    });
  });

  test('more documents than the server takes in one call', () =>
    withApi(
      async ({ ask }) => {
        const documents = ['a', 'b', 'c'].map((externalId) => ({ ...GOOD, externalId }));
        const { errors } = await ask(INGEST, { documents });
        expect(errors[0]?.extensions).toEqual({ code: 'INVALID_ARGUMENT', path: ['documents'] });
        expect(errors[0]?.message).toContain('1 to 2');
      },
      { limits: { maxDocumentsPerCall: 2 } },
    ));
});

test('an error tells its place in the answer beside the argument', () =>
  withApi(async ({ ask, ingest }) => {
    await ingest({ rosa: GOOD.text });
    const inner = await ask('{ all: triples { nodes { evidence(first: 0) { totalCount } } } }');
    expect(inner.errors).toMatchObject([
      { path: ['all', 'nodes', 0, 'evidence'], locations: [{}], extensions: { path: ['first'] } },
    ]);
    const lazy = await ask('{ paged: triples(after: "?") { edges { cursor } } }');
    expect(lazy.errors).toMatchObject([
      { path: ['paged', 'edges'], locations: [{}], extensions: { path: ['after'] } },
    ]);
  }));

describe('an operation that asks for too much, or for what is not here, is refused with 400', () => {
  const nested = (levels: number): string => {
    const open = 'nodes { triplesOut { nodes { object { triplesIn { nodes { subject { triplesOut {';
    return `{ entities { ${open.repeat(levels)} totalCount ${'}'.repeat(8 * levels)} } }`;
  };
  const cases: readonly [string, string, Record<string, unknown>][] = [
    ['too deep', nested(3), {}],
    [
      'too many fields',
      `{ triples(first: 500) { nodes { evidence(first: 500) { nodes { neighbours { text label } } } } } }`,
      {},
    ],
    [
      'too many fields by a variable',
      `query ($n: Int!) { triples(first: $n) { nodes { evidence(first: $n) { nodes { id p neighbours { text } } } } } }`,
      { n: 500 },
    ],
    [
      'too many aliases',
      `{ ${Array.from({ length: 40 }, (_, i) => `a${i}: server { version }`).join(' ')} }`,
      {},
    ],
    ['too many tokens', `{ server { ${'version '.repeat(5_000)} } }`, {}],
    ['a field that is not there', '{ nothing }', {}],
    ['no GraphQL', '{ triples(', {}],
    ['a subscription', 'subscription { jobProgress(id: "x") { state } }', {}],
    [
      'fragments that call themselves',
      '{ server { ...A } } fragment A on Server { ...B } fragment B on Server { ...A }',
      {},
    ],
    [
      'fragments that multiply',
      `{ server { ...F0 } } ${Array.from({ length: 25 }, (_, i) => `fragment F${i} on Server { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F25 on Server { version }`,
      {},
    ],
  ];
  const shared = sharedApi();

  test.each(cases)('%s', async (_name, query, variables) => {
    const { ask } = shared();
    const { status, errors } = await ask(query, variables);
    expect(status).toBe(400);
    expect(errors[0]?.extensions.code).toMatch(/^GRAPHQL_(VALIDATION|PARSE)_FAILED$/);
    expect((await ask('{ server { version } }')).status).toBe(200);
  });
});

test('what nobody foresaw is logged and not shown', () =>
  withApi(
    async ({ ask }) => {
      const { data, errors } = await ask('{ server { version counts { documents } } }');
      expect(data).toBeNull();
      expect(errors[0]?.extensions.code).toBe('INTERNAL');
      expect(JSON.stringify(errors)).not.toContain('secret');
    },
    {
      wrapStore: (store) =>
        new Proxy(store, {
          get: (target, key) =>
            key === 'counts'
              ? async () => {
                  throw new Error('secret path /var/lib/secret');
                }
              : Reflect.get(target, key, target),
        }),
    },
  ));
