import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CountsByKey, scoreOf } from '../../src/evaluation/f1.js';
import { scoreKnowledgeNet } from '../../src/evaluation/knowledgenet-score.js';
import type { GoldFact, Passage } from '../../src/evaluation/passages.js';
import { scorePassage, type SpanMatch } from '../../src/evaluation/text-f1.js';

/** Subject and object as [start, end). */
function fact(subject: [number, number], predicate: string, object: [number, number]): GoldFact {
  return {
    subject: { start: subject[0], end: subject[1] },
    predicate,
    object: { start: object[0], end: object[1] },
  };
}

function score(facts: GoldFact[], predicted: GoldFact[], annotated: string[], match: SpanMatch = 'overlap') {
  const counts = new CountsByKey();
  scorePassage({ facts, annotated: new Set(annotated) }, predicted, match, counts);
  return scoreOf(counts.total());
}

const born = fact([0, 5], 'P19', [20, 26]);

describe('text F1', () => {
  it('finds a fact whose spans are overlapped, and not exactly', () => {
    const near = fact([3, 9], 'P19', [25, 30]);
    expect(score([born], [near], ['P19'])).toMatchObject({ found: 1, missed: 0, spurious: 0, f1: 1 });
    expect(score([born], [near], ['P19'], 'exact')).toMatchObject({
      found: 0,
      missed: 1,
      spurious: 1,
      f1: 0,
    });
  });

  it('asks for both spans and the same predicate', () => {
    const elsewhere = fact([0, 5], 'P19', [26, 30]);
    const other = fact([0, 5], 'P20', [20, 26]);
    expect(score([born], [elsewhere, other], ['P19', 'P20'])).toMatchObject({
      found: 0,
      missed: 1,
      spurious: 2,
    });
  });

  it('does not judge a prediction whose predicate nobody looked for', () => {
    expect(score([born], [born, fact([0, 5], 'P26', [8, 12])], ['P19'])).toMatchObject({
      spurious: 0,
      f1: 1,
    });
    expect(score([born], [born, fact([0, 5], 'P26', [8, 12])], ['P19', 'P26'])).toMatchObject({
      spurious: 1,
    });
  });

  it('counts a fact once, however many predictions find it, and blames none of them', () => {
    expect(score([born], [born, fact([1, 4], 'P19', [20, 22])], ['P19'])).toMatchObject({
      found: 1,
      spurious: 0,
    });
  });

  it('counts every fact that one prediction finds', () => {
    const wide = fact([0, 12], 'P19', [20, 26]);
    expect(score([born, fact([8, 12], 'P19', [20, 26])], [wide], ['P19'])).toMatchObject({
      found: 2,
      missed: 0,
    });
  });

  it('gives any gold facts, predicted as they are, an F1 of 1', () => {
    const span = fc
      .tuple(fc.nat(50), fc.integer({ min: 1, max: 9 }))
      .map(([from, length]): [number, number] => [from, from + length]);
    const facts = fc.array(
      fc.tuple(span, fc.constantFrom('P19', 'P26', 'P108'), span).map((parts) => fact(...parts)),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(fc.array(facts, { minLength: 1, maxLength: 5 }), (texts) => {
        const passages = texts.map((own, index): Passage => {
          const annotated = new Set(own.map(({ predicate }) => predicate));
          return { id: `${index}`, group: `${index >> 1}`, text: '', annotated, facts: own };
        });
        const { overlap, exact, overlapInterval } = scoreKnowledgeNet(passages, texts);
        expect([overlap.f1, exact.f1, overlapInterval]).toEqual([1, 1, { low: 1, high: 1 }]);
      }),
    );
  });
});
