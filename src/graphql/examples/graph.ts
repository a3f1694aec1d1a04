import type { Example } from './example.js';

export const FACTS: Example = {
  name: 'facts',
  title: 'Facts and why',
  operation: `# The most confident facts, each with its sentence and the examples that voted for it.
query Facts {
  triples(first: 10, order: CONFIDENCE_DESCENDING) {
    totalCount
    nodes {
      subject { name type }
      predicate { id name }
      object { name type }
      confidence
      evidence(first: 2) {
        nodes {
          pRe
          pKnn
          p
          sentence { text }
          neighbours(first: 3) { rank weight squaredDistance label text }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
};

export const ENTITIES: Example = {
  name: 'entities',
  title: 'Find an entity',
  operation: `# Entities by name, with what is known about them.
query Entities($search: String!) {
  entities(first: 5, filter: { search: $search }, order: MENTIONS) {
    nodes {
      id
      name
      type
      aliases
      triplesOut(first: 10) { nodes { predicate { name } object { name } confidence } }
      triplesIn(first: 10) { nodes { subject { name } predicate { name } confidence } }
    }
  }
}
`,
  variables: { search: 'Curie' },
};

export const NEIGHBOURHOOD: Example = {
  name: 'neighbourhood',
  title: 'Around an entity',
  operation: `# The graph two steps around the most mentioned entity.
query Around {
  entities(first: 1, order: MENTIONS) {
    nodes {
      name
      neighbourhood(depth: 2, limit: 100) {
        entities { id name type }
        triples { subject { id } predicate { name } object { id } confidence }
        truncated
      }
    }
  }
}
`,
};

export const COUNTS: Example = {
  name: 'counts',
  title: 'Count facts',
  operation: `# How many facts of which kind, among the confident ones.
query Counts {
  triples(first: 1, filter: { confidence: { min: 0.5 } }) {
    totalCount
    byPredicate: countsBy(field: PREDICATE) { key count }
    bySubjectType: countsBy(field: SUBJECT_TYPE) { key count }
  }
}
`,
};

export const DOCUMENTS: Example = {
  name: 'documents',
  title: 'Read a document',
  operation: `# Documents with their sentences, mentions and every scored pair, NIL included.
query Documents {
  documents(first: 2, order: NEWEST) {
    totalCount
    nodes {
      externalId
      title
      sentences(first: 3) { nodes { text span { start end } } }
      mentions(first: 10) {
        nodes { text type entity { name } span(unit: CODE_POINTS) { start end unit } }
      }
      predictions(first: 10, includeNil: true) {
        totalCount
        nodes { label p subject { text } object { text } }
      }
    }
  }
}
`,
};

export const SCHEMA: Example = {
  name: 'schema',
  title: 'Predicates',
  operation: `# The closed set of predicates that are extracted.
query Predicates {
  predicates { id name description subjectTypes objectTypes covers inverses symmetric }
}
`,
};

export const SERVER: Example = {
  name: 'server',
  title: 'Server',
  operation: `# Versions, health, limits.
query Server {
  server {
    version
    uptimeSeconds
    counts { documents entities triples evidence }
    store { adapter version schemaVersion }
    models { role name version }
    memories { name version size model }
    profile { name version nilRatio memories { memory alpha k lambda temperature kernel } }
    limits { maxTextLength maxDocumentsPerCall maxPageSize maxDepth maxCost }
  }
}
`,
};
