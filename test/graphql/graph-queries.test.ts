import { beforeAll, describe, expect, test } from 'vitest';
import { counting } from './counting.js';
import { sharedApi, withApi } from './harness.js';

const TEXTS = {
  one: 'Anna Moss was born in Paris. Anna Moss studied at Trinity College.',
  two: 'Bernd Moss was born in Paris. Bernd Moss died in London.',
  three: 'Carla Berg was born in London.',
};

describe('questions to the whole graph', () => {
  const api = sharedApi();
  const ids = new Map<string, string>();
  beforeAll(async () => {
    await api().ingest(TEXTS);
    const { data } = await api().ask('{ entities(first: 100) { nodes { id name } } }');
    for (const { id, name } of data.entities.nodes) ids.set(name, id);
  });
  const code = (answer: { errors: readonly { extensions: object }[] }) => answer.errors[0]?.extensions;

  test('the shortest way between two entities is told with its entities and triples', async () => {
    const { data, errors } = await api().ask(
      `query($from: ID!, $to: ID!) { shortestPaths(from: $from, to: $to) {
        truncated paths { length confidence entities { name } triples { predicate { name } subject { name } } } } }`,
      { from: ids.get('Anna Moss'), to: ids.get('Carla Berg') },
    );
    expect(errors).toEqual([]);
    const [path] = data.shortestPaths.paths;
    expect(path.length).toBe(4);
    expect(path.entities.map(({ name }: { name: string }) => name)).toEqual([
      ...['Anna Moss', 'Paris', 'Bernd Moss', 'London', 'Carla Berg'],
    ]);
    expect(path.confidence).toBeGreaterThan(0);
    const unknown = await api().ask('{ shortestPaths(from: "ent_none", to: "ent_none") { truncated } }');
    expect(unknown.data).toEqual({ shortestPaths: null });
  });

  test('a pattern with variables is filled in every way', async () => {
    const { data, errors } = await api().ask(`{ matchTriples(patterns: [
      { subject: { variable: "who" }, predicates: ["P19"], object: { variable: "where" } }
      { subject: { variable: "other" }, predicates: ["P20"], object: { variable: "there" } }
      { subject: { variable: "other" }, predicates: ["P19"], object: { variable: "where" } }
    ]) { truncated matches { bindings { variable entity { name } } triples { predicate { id } } } } }`);
    expect(errors).toEqual([]);
    const [match] = data.matchTriples.matches;
    expect(data.matchTriples.matches).toHaveLength(1);
    expect(match.bindings.map((bound: { entity: { name: string } }) => bound.entity.name)).toEqual([
      ...['Anna Moss', 'Paris', 'Bernd Moss', 'London'],
    ]);
    expect(match.triples.map((triple: { predicate: { id: string } }) => triple.predicate.id)).toEqual([
      ...['P19', 'P20', 'P19'],
    ]);
  });

  test('words find entities and sentences, with their places in the unit that is asked for', async () => {
    const { data, errors } = await api().ask(`{ search(text: "moss par") {
      entityCount sentenceCount
      sentences { text score sentence { document { externalId } } highlights(unit: CODE_POINTS) { start end text unit } }
    } names: search(text: "ber", kinds: [ENTITY]) { entities { name score entity { type } highlights { text } } sentences { text } } }`);
    expect(errors).toEqual([]);
    expect(data.search).toMatchObject({ entityCount: 0, sentenceCount: 2 });
    expect(data.search.sentences[0].highlights).toMatchObject([
      { text: 'Moss' },
      { text: 'Paris', unit: 'CODE_POINTS' },
    ]);
    expect(data.names.sentences).toEqual([]);
    expect(data.names.entities.map(({ name }: { name: string }) => name).sort()).toEqual([
      'Bernd Moss',
      'Carla Berg',
    ]);
  });

  test('filters join by and, or, not', async () => {
    const { data, errors } = await api().ask(`{
      triples(filter: { or: [{ predicates: ["P20"] }, { and: [{ predicates: ["P19"] }, { not: { objectTypes: [ORG] } }] }] }) { totalCount }
      entities(filter: { not: { types: [PER] } }) { totalCount }
      documents(filter: { or: [{ externalIds: ["one"] }, { text: "carla" }] }) { nodes { externalId } }
      evidence(filter: { not: { predicates: ["P19"] } }) { totalCount }
    }`);
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      triples: { totalCount: 4 },
      entities: { totalCount: 3 },
      documents: { nodes: [{ externalId: 'one' }, { externalId: 'three' }] },
      evidence: { totalCount: 2 },
    });
  });

  test('an id that nothing has matches nothing, and does no harm beside one that is there', async () => {
    const { data, errors } = await api().ask(`{
      none: triples(filter: { predicates: ["P99999"] }) { totalCount }
      born: triples(filter: { predicates: ["P19"] }) { totalCount }
      both: triples(filter: { predicates: ["P19", "P99999"] }) { totalCount }
      evidence(filter: { predicates: ["P99999"] }) { totalCount }
    }`);
    expect(errors).toEqual([]);
    expect(data).toMatchObject({ none: { totalCount: 0 }, both: data.born, evidence: { totalCount: 0 } });
    expect(data.born.totalCount).toBeGreaterThan(0);
  });

  test('triples are counted by document and by band of confidence', async () => {
    const { data } = await api().ask(`{ triples(first: 1) {
      documents: countsBy(field: DOCUMENT, first: 2) { count } bands: countsBy(field: CONFIDENCE_BAND) { key count } } }`);
    expect(data.triples.documents).toEqual([{ count: 2 }, { count: 2 }]);
    const counted = data.triples.bands.map(({ count }: { count: number }) => count);
    expect(counted.reduce((sum: number, count: number) => sum + count, 0)).toBe(5);
  });

  test('what is outside the stated limits is refused with its place', async () => {
    const { ask } = api();
    const paths = (args: string) => ask(`{ shortestPaths(from: "a", to: "b", ${args}) { truncated } }`);
    expect(code(await paths('maxLength: 7'))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      path: ['maxLength'],
    });
    expect(code(await paths('maxPaths: 21'))).toMatchObject({ code: 'INVALID_ARGUMENT', path: ['maxPaths'] });
    const match = (patterns: string) => ask(`{ matchTriples(patterns: ${patterns}) { truncated } }`);
    expect(code(await match('[]'))).toMatchObject({ code: 'INVALID_ARGUMENT', path: ['patterns'] });
    const both = '[{ subject: { variable: "a", entityId: "b" }, object: { variable: "c" } }]';
    expect(code(await match(both))).toMatchObject({ path: ['patterns', 0, 'subject'] });
    expect(code(await match('[{ subject: { variable: "a" }, object: {} }]'))).toMatchObject({
      path: ['patterns', 0, 'object'],
    });
    expect(code(await ask('{ search(text: "  ") { entityCount } }'))).toMatchObject({ path: ['text'] });
    expect(code(await ask('{ search(text: "a", first: 101) { entityCount } }'))).toMatchObject({
      path: ['first'],
    });
    const long = `{ search(text: "${'a'.repeat(501)}") { entityCount } }`;
    expect(code(await ask(long))).toMatchObject({ code: 'INVALID_ARGUMENT', path: ['text'] });
    const deep = 'not: { not: { not: { not: { not: { predicates: [] } } } } }';
    expect(code(await ask(`{ triples(filter: { ${deep} }) { totalCount } }`))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(code(await ask('{ changes(since: "nonsense") { endCursor } }'))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

test('changes are followed with a cursor, and lead to what changed', () =>
  withApi(async ({ ask, ingest, services }) => {
    const changes = `query($since: String) { changes(since: $since) { endCursor hasMore
      changes { kind change at node { __typename ... on Triple { predicate { id } } ... on Document { externalId } } } } }`;
    await ingest({ one: TEXTS.one });
    const begin = await ask(changes, {});
    expect(begin.errors).toEqual([]);
    expect(begin.data.changes).toMatchObject({ hasMore: false });
    expect(begin.data.changes.changes).toContainEqual(
      expect.objectContaining({
        kind: 'DOCUMENT',
        change: 'CREATED',
        node: { __typename: 'Document', externalId: 'one' },
      }),
    );
    const since = begin.data.changes.endCursor;
    expect((await ask(changes, { since })).data.changes).toEqual({
      endCursor: since,
      hasMore: false,
      changes: [],
    });
    await services.ingestion.retract('one');
    const after = (await ask(changes, { since })).data.changes.changes;
    expect(after.length).toBeGreaterThan(3);
    for (const change of after) expect(change).toMatchObject({ change: 'REMOVED', node: null });
  }));

test('triples of every entity and document of a page, and their counts, are one store call a field', async () => {
  const calls = new Map<string, number>();
  await withApi(
    async ({ ask, ingest }) => {
      await ingest(
        Object.fromEntries(
          [...'ABCDEFGHIJ'].map((letter) => [
            letter,
            `${letter}nna Moss was born in Paris. ${letter}nna Moss died in London.`,
          ]),
        ),
      );
      calls.clear();
      const { data, errors } = await ask(`{
        entities(filter: { types: [PER] }) { nodes {
          triplesOut(first: 5, filter: { predicates: ["P19"] }) { totalCount nodes { object { name } } countsBy(field: PREDICATE) { count } }
          triplesIn { totalCount }
        } }
        documents { nodes { triples(first: 1) { totalCount nodes { predicate { id } } pageInfo { hasNextPage } } } }
      }`);
      expect(errors).toEqual([]);
      expect(data.entities.nodes).toHaveLength(10);
      for (const { triplesOut, triplesIn } of data.entities.nodes) {
        expect(triplesOut).toEqual({
          totalCount: 1,
          nodes: [{ object: { name: 'Paris' } }],
          countsBy: [{ count: 1 }],
        });
        expect(triplesIn).toEqual({ totalCount: 0 });
      }
      for (const { triples } of data.documents.nodes)
        expect(triples).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } });
    },
    { wrapStore: (store) => counting(store, calls) },
  );
  // Out, in and of documents; one count.
  expect(Object.fromEntries(calls)).toEqual({
    entities: 1,
    documents: 1,
    triplesOf: 3,
    countTriplesOf: 1,
    entitiesById: 1,
  });
});
