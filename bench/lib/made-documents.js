import { DocumentSketch } from './document-sketch.js';

const PEOPLE_AND_PLACES = 2_000;
const VOTERS = 5_000;
const DIMENSION = 768;
const LABELS = 48;

let state = 7;

/** Starts another series: a second run against the same server brings triples that the first did not. */
export function startRandom(seed) {
  state = seed >>> 0;
}

/** Pseudo-random integer in 0..below-1, the same in every run of the same series. */
export function random(below) {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

/**
 * A document with one triple a sentence. People and places come from a stock, so that documents share entities, and
 * so do their neighbours.
 *
 * @param sizes `facts`: sentences, each with one piece of evidence; `nilPairs`: pairs without a relation in a
 *   sentence beside it; `neighbours`: those of each piece of evidence, all of them different. NIL pairs have none,
 *   since a store keeps only the voters of evidence.
 */
export function documentWithVoters(externalId, { facts, nilPairs, neighbours }) {
  const sketch = new DocumentSketch(externalId);
  const mention = (kind, type) => {
    const id = sketch.mention({ type, name: `${kind} ${random(PEOPLE_AND_PLACES)}` });
    sketch.words(' and ');
    return id;
  };
  for (let fact = 0; fact < facts; fact++)
    sketch.sentence(() => {
      const person = mention('Person', 'PER');
      for (let place = 0; place <= nilPairs; place++)
        sketch.pair(person, mention('Place', 'LOC'), {
          ...(place === 0
            ? { label: 'P19', confidence: 0.8, neighbours: voters(neighbours) }
            : { label: 'NIL', confidence: null, neighbours: [] }),
          representation: new Uint8Array(DIMENSION * Uint16Array.BYTES_PER_ELEMENT).fill(random(256)),
          classifier: new Uint8Array(LABELS * Float32Array.BYTES_PER_ELEMENT),
        });
    });
  return sketch.extracted();
}

function voters(count) {
  const entries = new Set();
  while (entries.size < count) entries.add(random(VOTERS));
  return [...entries].map((entry, index) => ({
    memory: 'general',
    memoryVersion: '1.0.0',
    entry: `entry-${entry}`,
    rank: index + 1,
    squaredDistance: 0.1 + index / 100,
    weight: 1 / count,
    label: 'P19',
    text: `Someone number ${entry} was born in a town that has a name and a river.`,
    subject: { start: 0, end: 7 },
    object: { start: 40, end: 44 },
  }));
}
