import fc from 'fast-check';
import type { DocumentSketch, Fact } from './builders.js';

const PEOPLE = ['Ada Lovelace', 'ADA LOVELACE', 'Niels Bohr', 'Émile Zola'];
const PLACES = ['London', 'Paris', 'København'];

const fact: fc.Arbitrary<Fact> = fc.record(
  {
    subject: fc.constantFrom(...PEOPLE),
    predicate: fc.constantFrom('P19', 'P551', 'NIL'),
    object: fc.constantFrom(...PLACES),
    confidence: fc.double({ min: 0.05, max: 0.99, noNaN: true }),
    subjectSurface: fc.constantFrom('She', 'Ada', 'Bohr'),
    voters: fc.uniqueArray(fc.constantFrom('v1', 'v2', 'v3', 'v4'), { maxLength: 3 }),
  },
  { requiredKeys: ['subject', 'predicate', 'object', 'confidence'] },
);

const facts = fc.array(fact, { maxLength: 5 });

/** Up to five documents with different external ids that speak of the same few entities. */
export const documentSketches: fc.Arbitrary<DocumentSketch[]> = fc
  .array(facts, { minLength: 1, maxLength: 5 })
  .map((all) => all.map((some, index) => ({ externalId: `document-${index}`, facts: some })));

/** Another text of a document. */
export const revisedFacts = facts;
