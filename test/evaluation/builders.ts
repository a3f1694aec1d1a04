import { seededRandom } from '../../src/evaluation/bootstrap.js';
import type { Passage } from '../../src/evaluation/passages.js';
import type { PairTable } from '../../src/evaluation/pair-table.js';
import type { Voters } from '../../src/evaluation/voters.js';

/** A small world of random pairs, votes and gold facts over the same spans. */
export interface World {
  readonly pairs: PairTable;
  readonly voters: Voters;
  readonly passages: readonly Passage[];
}

const LABELS = ['NIL', 'P19', 'P26', 'P108'];

export function randomWorld(seed: number, documents: number, pairsPerDocument: number, k: number): World {
  const random = seededRandom(seed);
  const integer = (below: number): number => Math.floor(random() * below);
  const count = documents * pairsPerDocument;
  const distribution = (): number[] => {
    const weights = LABELS.map((label) => random() ** 3 + (label === 'NIL' ? 0.2 : 0));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  };
  const spans: number[] = [];
  for (let pair = 0; pair < count; pair++) {
    const subject = integer(8) * 10;
    const object = 100 + integer(8) * 10;
    spans.push(subject, subject + 5 + integer(9), object, object + 5 + integer(9));
  }
  const pairs: PairTable = {
    labels: LABELS,
    count,
    document: Int32Array.from({ length: count }, (_, pair) => Math.floor(pair / pairsPerDocument)),
    spans: Int32Array.from(spans),
    representations: new Float32Array(count),
    representationSize: 1,
    pRe: Float32Array.from(Array.from({ length: count }, distribution).flat()),
    gate: Uint16Array.from({ length: count }, () => integer(3)),
    gates: [Uint16Array.from([1, 2, 3]), Uint16Array.from([1, 3]), Uint16Array.from([])],
  };
  const squaredDistances = new Float32Array(count * k);
  for (let pair = 0; pair < count; pair++)
    squaredDistances.set(
      Array.from({ length: k }, () => random() * 2).sort((a, b) => a - b),
      pair * k,
    );
  const voters = {
    k,
    squaredDistances,
    labels: Uint16Array.from({ length: count * k }, () => integer(4)),
    entries: Int32Array.from({ length: count * k }, () => integer(100)),
  };
  const passages = Array.from({ length: documents }, (_, document) => ({
    id: `passage ${document}`,
    group: `document ${document >> 1}`,
    text: 'x'.repeat(200),
    annotated: new Set(['P19', 'P108', ...(random() < 0.5 ? ['P26'] : [])]),
    facts: Array.from({ length: integer(4) }, () => {
      const subject = integer(8) * 10;
      const object = 100 + integer(8) * 10;
      return {
        subject: { start: subject, end: subject + 8 },
        object: { start: object, end: object + 8 },
        predicate: random() < 0.5 ? 'P19' : 'P108',
      };
    }),
  }));
  return { pairs, voters, passages };
}
