import type { DocumentSketch } from './builders.js';

/** Two documents that hold what the queries of docs/neo4j.md ask for. */
export const CURIES: readonly DocumentSketch[] = [
  {
    externalId: 'marie-curie',
    facts: [
      // One of the voters says something else: P551.
      {
        subject: 'Marie Curie',
        predicate: 'P19',
        object: 'Warsaw',
        confidence: 0.9,
        voters: ['P19-a', 'P551-b'],
      },
      {
        subject: 'Marie Curie',
        predicate: 'P69',
        object: 'University of Paris',
        objectType: 'ORG',
        confidence: 0.7,
      },
      { subject: 'Marie Curie', predicate: 'P26', object: 'Pierre Curie', objectType: 'PER' },
    ],
  },
  {
    externalId: 'pierre-curie',
    facts: [
      { subject: 'Pierre Curie', predicate: 'P19', object: 'Paris', confidence: 0.8 },
      { subject: 'Pierre Curie', predicate: 'P69', object: 'University of Paris', objectType: 'ORG' },
      { subject: 'Marie Curie', predicate: 'P26', object: 'Pierre Curie', objectType: 'PER' },
    ],
  },
];
