import { describe, expect, test } from 'vitest';
import { buildDocument } from '../store/builders.js';
import { dumpGraph } from '../store/dump.js';
import { input } from './tiny-extractor.js';
import { withWorkplace } from './workplace.js';

describe('ingesting now', () => {
  test('each document gets its outcome, a bad one is named and the others are kept', () =>
    withWorkplace(async ({ ingestion, store }) => {
      const outcomes = await ingestion.ingestNow([
        input('a', 'Ada P19 London.'),
        input('empty', '  '),
        input('odd', 'unreadable'),
        input('a', 'Ada P19 Paris.'),
        input('b', 'Bohr P19 Copenhagen. Bohr P551 London.'),
      ]);
      expect(outcomes).toMatchObject([
        { ok: true, externalId: 'a', saved: { change: 'created', tripleIds: [expect.any(String)] } },
        { ok: false, externalId: 'empty', error: { code: 'EMPTY_TEXT', path: ['text'] } },
        { ok: false, externalId: 'odd', error: { code: 'MALFORMED_TEXT', path: ['text'] } },
        { ok: false, externalId: 'a', error: { code: 'DUPLICATE_EXTERNAL_ID', path: ['externalId'] } },
        { ok: true, externalId: 'b', saved: { tripleIds: [expect.any(String), expect.any(String)] } },
      ]);
      expect(await store.counts()).toMatchObject({ documents: 2, triples: 3 });
    }));

  test('one that cannot be saved is named, and those that were saved along with it are kept', () =>
    withWorkplace(async ({ ingestion, store }) => {
      const many = Array.from({ length: 25 }, (_, index) => input(`d${index}`));
      many[3] = input('d3', 'crooked: Ada P19 London.');
      const outcomes = await ingestion.ingestNow(many);
      expect(outcomes.map(({ externalId }) => externalId)).toEqual(many.map(({ externalId }) => externalId));
      expect(outcomes.filter(({ ok }) => !ok)).toMatchObject([
        { externalId: 'd3', error: { code: 'INVALID_DOCUMENT' } },
      ]);
      expect(await store.counts()).toMatchObject({ documents: 24 });
    }));

  test('a document that is stored as it is needs no extraction', () =>
    withWorkplace(async ({ ingestion, extractor }) => {
      const [first] = await ingestion.ingestNow([input('a')]);
      const [again] = await ingestion.ingestNow([input('a'), input('b')]);
      expect(extractor.calls).toEqual([['a'], ['b']]);
      expect(first).toMatchObject({ saved: { change: 'created' } });
      expect(again).toEqual({
        ...first,
        saved: { ...(first?.ok ? first.saved : {}), change: 'unchanged' },
      });
    }));

  test('new metadata of the same text is kept', () =>
    withWorkplace(async ({ ingestion, store }) => {
      await ingestion.ingestNow([input('a')]);
      const [outcome] = await ingestion.ingestNow([{ ...input('a'), metadata: { page: 7 } }]);
      expect(outcome).toMatchObject({ ok: true, saved: { change: 'replaced' } });
      const [document] = await store.documentsById([
        buildDocument({ externalId: 'a', facts: [] }).document.id,
      ]);
      expect(document?.metadata).toEqual({ page: 7 });
    }));

  test('a document that cannot be read again leaves its earlier text as it was', () =>
    withWorkplace(async ({ ingestion, store }) => {
      await ingestion.ingestNow([input('a')]);
      const before = await dumpGraph(store);
      await ingestion.ingestNow([input('a', 'unreadable')]);
      expect(await dumpGraph(store)).toEqual(before);
    }));

  test('outcomes are told as they come', () =>
    withWorkplace(async ({ ingestion }) => {
      const told: string[] = [];
      await ingestion.ingestNow([input('a'), input('b', ''), input('c')], ({ externalId }) =>
        told.push(externalId),
      );
      expect(told).toEqual(['a', 'b', 'c']);
    }));

  test('a retracted document is gone; one that never was gives null', () =>
    withWorkplace(async ({ ingestion, store }) => {
      await ingestion.ingestNow([input('a')]);
      expect(await ingestion.retract('a')).toMatchObject({ removedTriples: 1, removedEntities: 2 });
      expect(await ingestion.retract('a')).toBeNull();
      expect(await store.counts()).toEqual({ documents: 0, entities: 0, triples: 0, evidence: 0 });
    }));
});
