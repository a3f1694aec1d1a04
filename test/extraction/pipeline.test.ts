import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normaliseName } from '../../src/domain/identity.js';
import type { DocumentInput, ExtractedDocument, Prediction } from '../../src/domain/model.js';
import { gateType } from '../../src/domain/pronouns.js';
import type { ExtractionOutcome } from '../../src/extraction/ports.js';
import { replay } from '../../src/extraction/replay.js';
import { RealParts } from './real-parts.js';

let parts: RealParts;
beforeAll(async () => {
  parts = await RealParts.open();
});
afterAll(() => parts.close());

const EMMY: DocumentInput = {
  externalId: 'emmy',
  text:
    'Emmy Noether was born in Erlangen on 23 March 1882. She studied at the University of Erlangen. ' +
    'Her father, Max Noether, was a mathematician. Noether died in Bryn Mawr on 14 April 1935.',
};
const SIEMENS: DocumentInput = {
  externalId: 'siemens',
  text: 'Siemens was founded in Berlin by Werner von Siemens in 1847. Its headquarters are in Munich.',
};

describe('extraction with the real models', () => {
  it('finds facts, gives those of pronouns to whom they stand for, and dates their ISO form', async () => {
    const facts = factsOf(extracted(await parts.pipeline().extract([EMMY], parts.profile())));
    expect(facts).toContain('Emmy Noether | P19 | Erlangen');
    expect(facts).toContain('Emmy Noether | P569 | 1882-03-23');
    expect(facts).toContain('Emmy Noether | P69 | University of Erlangen');
    expect(facts).toContain('Emmy Noether | P570 | 1935-04-14');
    expect(facts.join('\n')).not.toMatch(/^(?:She|Her) /m);
  });

  it('gives every prediction its neighbours with their text, its sentence and offsets that fit', async () => {
    const document = extracted(await parts.pipeline().extract([EMMY], parts.profile()));
    const mentions = new Map(document.mentions.map((mention) => [mention.id, mention]));
    expect(document.predictions.length).toBeGreaterThan(10);
    for (const prediction of document.predictions) {
      const subject = mentions.get(prediction.subjectMentionId)!;
      const object = mentions.get(prediction.objectMentionId)!;
      expect(subject.sentenceId).toBe(prediction.sentenceId);
      expect(object.sentenceId).toBe(prediction.sentenceId);
      expect(EMMY.text.slice(subject.start, subject.end)).toBe(subject.text);
      expect(prediction.neighbours.map(({ rank }) => rank)).toEqual([1, 2, 3, 4]);
      expect(prediction.neighbours.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
      for (const { text, object } of prediction.neighbours)
        expect(text.slice(object.start, object.end)).not.toBe('');
      expect(prediction.representation).toHaveLength(2 * parts.encoder.representationSize);
      if (prediction.label === 'NIL') expect(prediction.confidence).toBeNull();
      else expect(prediction.confidence).toBeGreaterThan(0);
    }
  });

  it('replays stored predictions to the same numbers, NIL among them', async () => {
    const pipeline = parts.pipeline();
    const profile = parts.profile();
    const document = extracted(await pipeline.extract([EMMY], profile));
    const replayed = await replay(
      pipeline.scorer,
      document.predictions.map((prediction) => ({
        ...prediction,
        permitted: permittedOf(document, prediction),
      })),
      profile,
    );
    expect(document.predictions.map(scoresOf)).toEqual(replayed.map(scoresOf));
  });

  it('gives a document the same predictions alone, in a batch, and in slices of any size', async () => {
    const alone = await parts.pipeline().extract([SIEMENS], parts.profile());
    const batch = await parts.pipeline().extract([EMMY, SIEMENS], parts.profile());
    const sliced = await parts
      .pipeline({ pairsPerSlice: 1, sentencesPerSlice: 1, charactersPerGroup: 1 })
      .extract([EMMY, SIEMENS], parts.profile());
    expect(plain(sliced)).toEqual(plain(batch));
    expect(plain(batch.slice(1))).toEqual(plain(alone));
  });

  it('keeps the good documents of a batch and names the bad one', async () => {
    const bad: DocumentInput = {
      ...SIEMENS,
      externalId: 'bad',
      mentions: [{ start: 0, end: 999, type: 'ORG' }],
    };
    const outcomes = await parts.pipeline().extract([EMMY, bad, SIEMENS, EMMY], parts.profile());
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true, false]);
    expect(outcomes[1]).toMatchObject({
      externalId: 'bad',
      error: { code: 'INVALID_MENTION', path: ['mentions', 0, 'end'] },
    });
    expect(outcomes[3]).toMatchObject({ error: { code: 'DUPLICATE_EXTERNAL_ID', path: ['externalId'] } });
  });

  it('uses given mentions in place of the detector, pronouns only if given', async () => {
    const mentions = [
      { start: EMMY.text.indexOf('Erlangen'), end: EMMY.text.indexOf('Erlangen') + 8, type: 'LOC' as const },
      { start: 0, end: 12, type: 'PER' as const },
    ];
    const document = extracted(await parts.pipeline().extract([{ ...EMMY, mentions }], parts.profile()));
    expect(document.mentions.map(({ text, origin }) => `${text} ${origin}`)).toEqual([
      'Emmy Noether given',
      'Erlangen given',
    ]);
    expect(factsOf(document)).toEqual(['Emmy Noether | P19 | Erlangen']);
  });

  it('takes the title for whom a pronoun without antecedent stands for', async () => {
    const text = 'She was born in Erlangen in 1882.';
    const [untitled, titled] = await Promise.all(
      [{}, { title: 'Emmy Noether' }].map(async (extra) =>
        factsOf(
          extracted(await parts.pipeline().extract([{ externalId: 'x', text, ...extra }], parts.profile())),
        ),
      ),
    );
    expect(untitled).toEqual([]);
    expect(titled).toContain('Emmy Noether | P19 | Erlangen');
  });

  it('takes one word, marks of direction and emoji, and finds nothing in them', async () => {
    const texts = ['Hello', '\u200f\u200e .', '😀 😀', 'שלום \u200fעולם'];
    const outcomes = await parts.pipeline().extract(
      texts.map((text, index) => ({ externalId: String(index), text })),
      parts.profile(),
    );
    for (const outcome of outcomes) expect(outcome.ok && outcome.extracted.predictions).toEqual([]);
  });

  it('stays bounded for ten thousand entities in one sentence', { timeout: 120_000 }, async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `Ab${i}`);
    const text = `${names.join(' ')}.`;
    let start = 0;
    const mentions = names.map((name) => {
      const span = { start, end: start + name.length, type: 'PER' as const };
      start += name.length + 1;
      return span;
    });
    const document = extracted(
      await parts
        .pipeline({ maxPairsPerSentence: 4 })
        .extract([{ externalId: 'crowd', text, mentions }], parts.profile()),
    );
    expect(document.mentions).toHaveLength(10_000);
    expect(document.predictions.length).toBeLessThanOrEqual(4 * document.sentences.length);
  });

  it('refuses a profile that was made for another encoder', async () => {
    const profile = parts.profile({ model: 'other@1.0.0' });
    await expect(parts.pipeline().extract([EMMY], profile)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      path: ['profile', 'model'],
    });
  });
});

function extracted(outcomes: readonly ExtractionOutcome[]): ExtractedDocument {
  const [outcome] = outcomes;
  if (!outcome?.ok) throw outcome?.error ?? new Error('no outcome');
  return outcome.extracted;
}

/** `subject entity | predicate | object entity`, without repetition. */
function factsOf(document: ExtractedDocument): string[] {
  const names = new Map(document.entities.map(({ id, name }) => [id, name]));
  const mentions = new Map(document.mentions.map((mention) => [mention.id, mention]));
  const nameOf = (id: Prediction['subjectMentionId']): string => {
    const mention = mentions.get(id)!;
    return mention.entityId === null ? `(${normaliseName(mention.text)})` : names.get(mention.entityId)!;
  };
  const facts = document.predictions
    .filter(({ label }) => label !== 'NIL')
    .map((fact) => `${nameOf(fact.subjectMentionId)} | ${fact.label} | ${nameOf(fact.objectMentionId)}`)
    .filter((fact) => !fact.includes('('));
  return [...new Set(facts)];
}

function permittedOf(document: ExtractedDocument, prediction: Prediction): ReadonlySet<string> {
  const typeOf = (id: Prediction['subjectMentionId']): ReturnType<typeof gateType> => {
    const mention = document.mentions.find((candidate) => candidate.id === id)!;
    return gateType(mention.type, mention.text);
  };
  return parts.schema.permitted(typeOf(prediction.subjectMentionId), typeOf(prediction.objectMentionId));
}

function scoresOf({ label, p, pRe, pKnn, confidence, neighbours }: Scores): Scores {
  return { label, p, pRe, pKnn, confidence, neighbours };
}
type Scores = Pick<Prediction, 'label' | 'p' | 'pRe' | 'pKnn' | 'confidence' | 'neighbours'>;

function plain(outcomes: readonly ExtractionOutcome[]): unknown {
  return JSON.parse(JSON.stringify(outcomes));
}
