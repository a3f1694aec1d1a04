import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DocumentInput } from '../../src/domain/model.js';
import { encodePairs, extractAll, type EvaluationContext } from '../../src/evaluation/encode.js';
import { plainDocuments } from '../../src/evaluation/gold-documents.js';
import { indexGold } from '../../src/evaluation/gold-index.js';
import { evaluateKnowledgeNet } from '../../src/evaluation/knowledgenet.js';
import type { Passage } from '../../src/evaluation/passages.js';
import { evaluateReDocRed } from '../../src/evaluation/redocred.js';
import type { AnnotatedDocument } from '../../src/evaluation/annotated-documents.js';
import { rescore } from '../../src/evaluation/rescored-facts.js';
import { tuneProfile } from '../../src/evaluation/tune.js';
import { searchVoters } from '../../src/evaluation/voters.js';
import { RealParts } from '../extraction/real-parts.js';

let parts: RealParts;
let context: EvaluationContext;
beforeAll(async () => {
  parts = await RealParts.open();
  const { schema, encoder } = parts;
  context = { extractor: parts.pipeline(), schema, labels: encoder.labels };
});
afterAll(() => parts.close());

const TEXTS = [
  'Emmy Noether was born in Erlangen. She taught at the University of Göttingen, where David Hilbert worked.',
  'Igor Stravinsky married Vera de Bosset in 1940, and they lived in Los Angeles.',
  'Saab has its headquarters in Stockholm, and was founded in 1937.',
];

function span(text: string, surface: string): { start: number; end: number } {
  const start = text.indexOf(surface);
  return { start, end: start + surface.length };
}

function passage(text: string, subject: string, predicate: string, object: string): Passage {
  const fact = { subject: span(text, subject), predicate, object: span(text, object) };
  return { id: text.slice(0, 8), group: text, text, annotated: new Set([predicate]), facts: [fact] };
}

const PASSAGES = [
  passage(TEXTS[0]!, 'Emmy Noether', 'P19', 'Erlangen'),
  passage(TEXTS[1]!, 'Igor Stravinsky', 'P26', 'Vera de Bosset'),
  passage(TEXTS[2]!, 'Saab', 'P159', 'Stockholm'),
];

describe('with the shipped weights', () => {
  it('rescoring gives what the extraction gave: the same labels, the same probabilities', async () => {
    const profile = parts.profile({ nilRatio: 0.7, minimumProbability: 0.2 });
    const documents = TEXTS.map((text, index): DocumentInput => ({ externalId: `${index}`, text }));
    const extracted: { label: string; p: number }[] = [];
    await extractAll(context, documents, profile, ({ predictions }) => {
      extracted.push(...predictions.map(({ label, p }) => ({ label, p })));
    });
    const pairs = await encodePairs(context, documents, profile);
    const voters = await searchVoters(pairs, parts.memory, 16);
    const rescored = rescore(
      pairs,
      profile.memories.map((use) => ({ use, voters })),
      profile,
    );
    expect(rescored.map(({ label }) => pairs.labels[label])).toEqual(extracted.map(({ label }) => label));
    rescored.forEach(({ p }, index) => {
      expect(p).toBeCloseTo(extracted[index]?.p ?? NaN, 9);
    });
  });

  it('text F1 is reported for the profile, the classifier and the neighbours', async () => {
    const report = await evaluateKnowledgeNet(
      { ...context, memory: () => Promise.resolve(parts.memory), pronouns: parts.detector.pronouns },
      PASSAGES,
      parts.profile(),
      { goldMentions: true },
    );
    expect(report.rows.map(({ scoring }) => scoring)).toEqual([
      'profile',
      'classifier only (λ = 0)',
      'neighbours only (λ = 1)',
    ]);
    for (const { score } of report.rows) expect(score.overlap.found + score.overlap.missed).toBe(3);
    expect(report.rows[0]?.score.overlap.found).toBeGreaterThan(0);
  });

  it('tuning gives a profile that scores what its report says', async () => {
    const base = parts.profile({ memories: [] });
    const pairs = await encodePairs(context, plainDocuments(PASSAGES), base);
    const { profile, report } = await tuneProfile(
      {
        name: 'three passages',
        mentions: 'detected',
        passages: PASSAGES,
        pairs,
        gold: indexGold(PASSAGES, pairs, 'overlap'),
      },
      base,
      { memories: [parts.memory], search: 'full' },
    );
    expect(profile).toMatchObject({ name: base.name, model: base.model, tunedOn: 'three passages' });
    expect(report.grid.both[0]?.f1).toBe(report.score.overlap.f1);
    const evaluated = await evaluateKnowledgeNet(
      { ...context, memory: () => Promise.resolve(parts.memory), pronouns: parts.detector.pronouns },
      PASSAGES,
      profile,
      { goldMentions: false },
    );
    expect(evaluated.rows[0]?.score.overlap).toEqual(report.score.overlap);
  });

  it('mentions and relations of an annotated document are scored', async () => {
    const text = 'Emmy Noether was born in Erlangen.';
    const mention = (surface: string, type: 'PER' | 'LOC', entity: string) => ({
      ...span(text, surface),
      type,
      entity,
      sentence: 0,
    });
    const document: AnnotatedDocument = {
      text,
      mentions: [mention('Emmy Noether', 'PER', 'Noether'), mention('Erlangen', 'LOC', 'Erlangen')],
      relations: [{ subject: 'Noether', predicate: 'P19', object: 'Erlangen' }],
    };
    const { mentions, relations } = await evaluateReDocRed(
      context,
      [document],
      parts.profile({ memories: [] }),
    );
    expect(mentions.micro).toMatchObject({ found: 2, spurious: 0 });
    expect(relations.pairs.micro).toMatchObject({ found: 1, spurious: 0, f1: 1 });
    expect(relations.allFacts.micro.f1).toBe(1);
  });
});
