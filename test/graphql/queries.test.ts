import { describe, expect, test } from 'vitest';
import { withApi } from './harness.js';

const CURIE = 'Marie Curie was born in Warsaw. She studied at University of Paris. Marie Curie saw London.';

describe('from a text to its facts', () => {
  test('a fact leads to its evidence, its sentence and the examples that voted', () =>
    withApi(async ({ ask, ingest }) => {
      await ingest({ curie: CURIE });
      const { data, errors } = await ask(`{
        triples(filter: { predicates: ["P19"] }) {
          totalCount
          nodes {
            subject { name type } predicate { id name } object { name } confidence evidenceCount status
            evidence { totalCount nodes {
              label p pRe pKnn confidence profile model scoringProfile { name }
              sentence { text index } document { externalId }
              subject { text span { start end text } entity { name } }
              object { text span(unit: CODE_POINTS, within: SENTENCE) { start end unit text } }
              triple { predicate { id } }
              neighbours { memory memoryVersion rank weight squaredDistance label text subject { text } predicate { name } entry { origin } }
            } }
          }
        }
      }`);
      expect(errors).toEqual([]);
      const [triple] = data.triples.nodes;
      expect(data.triples.totalCount).toBe(1);
      expect(triple).toMatchObject({
        subject: { name: 'Marie Curie', type: 'PER' },
        predicate: { id: 'P19', name: 'place of birth' },
        object: { name: 'Warsaw' },
        evidenceCount: 1,
        status: 'UNREVIEWED',
      });
      const [evidence] = triple.evidence.nodes;
      expect(evidence).toMatchObject({
        label: 'P19',
        profile: 'test@1',
        model: 'cue-encoder@1.0.0',
        scoringProfile: { name: 'test' },
        sentence: { text: 'Marie Curie was born in Warsaw.', index: 0 },
        document: { externalId: 'curie' },
        subject: { text: 'Marie Curie', span: { start: 0, end: 11, text: 'Marie Curie' } },
        object: { span: { start: 24, end: 30, unit: 'CODE_POINTS', text: 'Warsaw' } },
        triple: { predicate: { id: 'P19' } },
      });
      expect(evidence.p).toBeCloseTo(0.5 * evidence.pRe + 0.5 * evidence.pKnn, 6);
      expect(evidence.neighbours).toHaveLength(4);
      expect(evidence.neighbours[0]).toEqual({
        memory: 'samples',
        memoryVersion: '1.0.0',
        rank: 1,
        weight: expect.closeTo(0.25, 6),
        squaredDistance: 0,
        label: 'P19',
        text: 'Ada 🎓 Byron was born in London.',
        subject: { text: 'Ada 🎓 Byron' },
        predicate: { name: 'place of birth' },
        entry: { origin: 'people.jsonl:1' },
      });
    }));

  test('a document shows its text, sentences, mentions, predictions and triples', () =>
    withApi(async ({ ask, ingest }) => {
      await ingest({ curie: CURIE });
      const { data, errors } = await ask(`{
        document(externalId: "curie") {
          text
          sentences(first: 1) { totalCount nodes { text span { start end } mentions { text } } pageInfo { hasNextPage endCursor } }
          mentions { nodes { text type origin entity { name } sentence { index } } }
          relations: predictions { nodes { __typename label } }
          all: predictions(includeNil: true) { totalCount nodes { __typename label confidence neighbours(first: 2) { label } } }
          triples { totalCount countsBy(field: PREDICATE) { key count } }
        }
      }`);
      expect(errors).toEqual([]);
      const { document } = data;
      expect(document.text).toBe(CURIE);
      expect(document.sentences).toMatchObject({
        totalCount: 3,
        nodes: [
          {
            text: 'Marie Curie was born in Warsaw.',
            mentions: [{ text: 'Marie Curie' }, { text: 'Warsaw' }],
          },
        ],
        pageInfo: { hasNextPage: true },
      });
      expect(document.mentions.nodes).toContainEqual({
        text: 'She',
        type: 'PRON',
        origin: 'PRONOUN',
        entity: { name: 'Marie Curie' },
        sentence: { index: 1 },
      });
      expect(document.relations.nodes).toEqual([
        { __typename: 'Evidence', label: 'P19' },
        { __typename: 'Evidence', label: 'P69' },
      ]);
      expect(document.all.totalCount).toBeGreaterThan(2);
      const nil = document.all.nodes.find(({ label }: { label: string }) => label === 'NIL');
      expect(nil).toMatchObject({ __typename: 'PlainPrediction', confidence: null });
      expect(nil.neighbours).toHaveLength(2);
      expect(document.triples).toEqual({
        totalCount: 2,
        countsBy: [
          { key: 'P19', count: 1 },
          { key: 'P69', count: 1 },
        ],
      });
    }));

  test('an entity shows its aliases, its facts in both directions, its mentions and its neighbourhood', () =>
    withApi(async ({ ask, ingest }) => {
      await ingest({ a: CURIE, b: 'Maria Bo was born in Warsaw.' });
      const { data, errors } = await ask(`{
        people: entities(filter: { types: [PER], search: "curie" }) { nodes { id name aliases
          triplesOut { totalCount nodes { object { name } } } triplesIn { totalCount }
          mentions(first: 2) { text }
          neighbourhood(depth: 2) { entities { name } triples { predicate { id } } truncated }
        } }
        places: entities(filter: { types: [LOC], search: "WARSAW" }, order: NAME) { nodes {
          triplesIn(filter: { predicates: ["P19"] }) { totalCount nodes { subject { name } } } } }
      }`);
      expect(errors).toEqual([]);
      expect(data.people.nodes).toHaveLength(1);
      expect(data.people.nodes[0]).toMatchObject({
        name: 'Marie Curie',
        triplesOut: { totalCount: 2 },
        triplesIn: { totalCount: 0 },
        mentions: [{ text: 'Marie Curie' }, { text: 'She' }],
        neighbourhood: { truncated: false },
      });
      const around = data.people.nodes[0].neighbourhood;
      expect(around.entities.map(({ name }: { name: string }) => name).sort()).toEqual([
        'Maria Bo',
        'Marie Curie',
        'University of Paris',
        'Warsaw',
      ]);
      expect(around.triples).toHaveLength(3);
      expect(data.places.nodes[0].triplesIn.totalCount).toBe(2);
    }));

  test('whatever has an id is found again by node(id) as what it was', () =>
    withApi(async ({ ask, ingest }) => {
      await ingest({ curie: CURIE });
      const { data: found } = await ask(`{
        documents { nodes { id sentences { nodes { id } } mentions { nodes { id } } predictions(includeNil: true) { nodes { id __typename } } } }
        entities { nodes { id } } triples { nodes { id } } evidence { nodes { id } }
        memories { id } memoryEntries(first: 1) { nodes { id } } predicates { id }
      }`);
      const [document] = found.documents.nodes;
      const expected: [string, string][] = [
        [document.id, 'Document'],
        [document.sentences.nodes[0].id, 'Sentence'],
        [document.mentions.nodes[0].id, 'Mention'],
        ...document.predictions.nodes.map((node: { id: string; __typename: string }) => [
          node.id,
          node.__typename,
        ]),
        [found.entities.nodes[0].id, 'Entity'],
        [found.triples.nodes[0].id, 'Triple'],
        [found.evidence.nodes[0].id, 'Evidence'],
        [found.memories[0].id, 'Memory'],
        [found.memoryEntries.nodes[0].id, 'MemoryEntry'],
        [found.predicates[0].id, 'Predicate'],
      ];
      for (const [id, type] of expected) {
        const { data, errors } = await ask('query ($id: ID!) { node(id: $id) { __typename id } }', { id });
        expect(errors).toEqual([]);
        expect(data.node).toEqual({ __typename: type, id });
      }
    }));

  test('ids that nothing has give null or nothing, not errors', () =>
    withApi(async ({ ask }) => {
      const { data, errors } = await ask(`{
        a: node(id: "doc_nothing") { id } b: node(id: "") { id } c: node(id: "memory:none") { id }
        d: node(id: "entry:none:x") { id } e: node(id: "P999999") { id } f: node(id: "pre_x") { id }
        document(externalId: "none") { id } entity(id: "ent_none") { id } job(id: "none") { id } triple(id: "x") { id }
        triples(filter: { entityIds: ["ent_none"], documentIds: ["doc_none"] }) { totalCount nodes { id } }
      }`);
      expect(errors).toEqual([]);
      expect(data).toEqual({
        ...{ a: null, b: null, c: null, d: null, e: null, f: null },
        ...{ document: null, entity: null, job: null, triple: null },
        triples: { totalCount: 0, nodes: [] },
      });
    }));

  test('pages follow one another without gap or repetition while documents are added', () =>
    withApi(async ({ ask, ingest }) => {
      const names = ['Ann', 'Ben', 'Cid', 'Dan', 'Eva', 'Fay', 'Gus'];
      await ingest(Object.fromEntries(names.map((name) => [name, `${name} Moss was born in Paris.`])));
      const query = `query ($after: String) {
        triples(first: 2, after: $after, order: PREDICATE) {
          totalCount edges { cursor node { id subject { name } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }`;
      const seen: string[] = [];
      let after: string | null = null;
      for (let page = 0; ; page++) {
        const { data, errors } = await ask(query, { after });
        expect(errors).toEqual([]);
        const { edges, pageInfo } = data.triples;
        seen.push(...edges.map(({ node }: { node: { subject: { name: string } } }) => node.subject.name));
        expect(pageInfo.startCursor).toBe(edges[0].cursor);
        expect(pageInfo.hasPreviousPage).toBe(page > 0);
        if (page === 0) await ingest({ extra: 'Zoe Moss died in Paris.' });
        after = pageInfo.endCursor;
        if (!pageInfo.hasNextPage) break;
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(names.map((name) => `${name} Moss`)));
    }));
});

describe('the memory', () => {
  test('is browsed by label, text and origin, page by page', () =>
    withApi(async ({ ask }) => {
      const { data, errors } = await ask(`{
        memories { name version size license normalised countsByLabel { label count } }
        born: memoryEntries(filter: { labels: ["P19"] }, first: 1) {
          totalCount nodes { text label origin subject(unit: CODE_POINTS) { type span { start end text } } memory { name } squaredDistance }
          pageInfo { hasNextPage endCursor }
        }
        byText: memoryEntries(filter: { text: "NOETHER" }) { totalCount }
      }`);
      expect(errors).toEqual([]);
      expect(data.memories[0]).toMatchObject({
        name: 'samples',
        size: 16,
        countsByLabel: [{ count: 4 }, {}, {}, {}],
      });
      expect(data.born).toMatchObject({
        totalCount: 4,
        nodes: [
          {
            label: 'P19',
            origin: 'people.jsonl:1',
            // The cap is one code point and two UTF-16 units.
            subject: { type: 'PER', span: { start: 0, end: 11, text: 'Ada 🎓 Byron' } },
            memory: { name: 'samples' },
            squaredDistance: null,
          },
        ],
      });
      expect(data.byText.totalCount).toBe(4);
      const next = await ask(
        'query ($after: String) { memoryEntries(filter: { labels: ["P19"] }, after: $after) { nodes { text } } }',
        { after: data.born.pageInfo.endCursor },
      );
      expect(next.data.memoryEntries.nodes).toHaveLength(3);
    }));

  test('finds the entries most similar to a marked pair', () =>
    withApi(async ({ ask }) => {
      const text = '🎈 Rosa Luz studied in Paris.';
      const query = `query ($pair: MarkedPairInput!, $labels: [String!]) {
        memoryEntries(first: 5, similarTo: $pair, filter: { labels: $labels }) { totalCount nodes { label squaredDistance } }
      }`;
      const pair = {
        text,
        offsetUnit: 'CODE_POINTS',
        subject: { start: 2, end: 10, type: 'PER' },
        object: { start: 22, end: 27, type: 'LOC' },
      };
      const { data, errors } = await ask(query, { pair });
      expect(errors).toEqual([]);
      expect(data.memoryEntries.totalCount).toBe(16);
      expect(data.memoryEntries.nodes.slice(0, 4)).toEqual(
        Array(4).fill({ label: 'P69', squaredDistance: 0 }),
      );
      expect(data.memoryEntries.nodes[4].squaredDistance).toBe(2);
      const others = await ask(query, { pair, labels: ['NIL'] });
      expect(others.data.memoryEntries).toMatchObject({
        totalCount: 4,
        nodes: Array(4).fill({ label: 'NIL' }),
      });
    }));
});

describe('scoreText', () => {
  const query = `query ($text: String!, $includeNil: Boolean, $overrides: ScoringOverrides) {
    scoreText(text: $text, includeNil: $includeNil, overrides: $overrides) {
      profile { memories { lambda k } }
      sentences { text span { start } }
      mentions { text type span(unit: CODE_POINTS) { start end } entity { name stored { name } } }
      entities { name type date { iso precision } }
      predictions { label predicate { name } subject { text } object { text } sentence { text } p pRe pKnn confidence neighbours { label text } }
    }
  }`;

  test('shows what would be extracted and writes nothing', () =>
    withApi(async ({ ask, ingest }) => {
      await ingest({ a: 'Rosa Luz was born in London.' });
      const before = await ask('{ server { counts { documents entities triples evidence } } }');
      const { data, errors } = await ask(query, {
        text: '🎈 Rosa Luz was born in Paris in 1901.',
        includeNil: false,
      });
      expect(errors).toEqual([]);
      const { scoreText } = data;
      expect(scoreText.mentions[0]).toEqual({
        text: 'Rosa Luz',
        type: 'PER',
        span: { start: 2, end: 10 },
        entity: { name: 'Rosa Luz', stored: { name: 'Rosa Luz' } },
      });
      expect(scoreText.entities).toContainEqual({
        name: '1901',
        type: 'TIME',
        date: { iso: '1901', precision: 'YEAR' },
      });
      expect(scoreText.predictions[0]).toMatchObject({
        label: 'P19',
        subject: { text: 'Rosa Luz' },
        object: { text: 'Paris' },
      });
      expect(scoreText.predictions[0].neighbours).toHaveLength(4);
      expect(await ask('{ server { counts { documents entities triples evidence } } }')).toEqual(before);
    }));

  test('shows NIL pairs where asked, with their votes', () =>
    withApi(async ({ ask }) => {
      const { data } = await ask(query, { text: 'Rosa Luz saw Paris.', includeNil: true });
      expect(data.scoreText.predictions.length).toBeGreaterThan(0);
      for (const pair of data.scoreText.predictions)
        expect(pair).toMatchObject({ label: 'NIL', predicate: null, confidence: null });
      const hidden = await ask(query, { text: 'Rosa Luz saw Paris.', includeNil: false });
      expect(hidden.data.scoreText.predictions).toEqual([]);
    }));

  test('takes overrides of the profile for one call', () =>
    withApi(async ({ ask }) => {
      const overrides = { lambda: 1, k: 2 };
      const { data } = await ask(query, {
        text: 'Rosa Luz was born in Paris.',
        includeNil: false,
        overrides,
      });
      expect(data.scoreText.profile.memories).toEqual([{ lambda: 1, k: 2 }]);
      const [pair] = data.scoreText.predictions;
      expect(pair.p).toBeCloseTo(pair.pKnn, 9);
      expect(pair.neighbours).toHaveLength(2);
    }));
});

test('the server tells its versions, health, limits and what it serves', () =>
  withApi(async ({ ask }) => {
    const { data, errors } = await ask(`{
      server {
        version uptimeSeconds store { adapter schemaVersion } models { role name version hash } memories { name }
        profile { name memories { memory kernel } calibration { slope } } limits { maxPageSize maxTextLength maxRequestBytes }
        counts { documents }
      }
      predicates { id name subjectTypes objectTypes covers inverses symmetric description }
    }`);
    expect(errors).toEqual([]);
    expect(data.server).toMatchObject({
      version: '0.0.0-test',
      store: { adapter: 'sqlite' },
      models: [{ role: 'relation-encoder', name: 'cue-encoder' }],
      profile: { memories: [{ memory: 'samples', kernel: 'RBF' }] },
      limits: { maxPageSize: 500, maxTextLength: 1_000_000, maxRequestBytes: 16_777_216 },
      counts: { documents: 0 },
    });
    expect(data.predicates.length).toBeGreaterThanOrEqual(40);
  }));
