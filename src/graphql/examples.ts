/** An operation that the explorer offers one click away; a test runs each. */
export interface Example {
  /** In addresses: `?example=facts`. */
  readonly name: string;
  /** On the link. */
  readonly title: string;
  readonly operation: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const SENTENCE = 'Marie Curie was born in Warsaw and studied at the University of Paris.';

export const EXAMPLES: readonly Example[] = [
  {
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
  },
  {
    name: 'score-text',
    title: 'Score a text',
    operation: `# What would be extracted from a text, and who voted. Nothing is stored.
query ScoreText($text: String!, $includeNil: Boolean!) {
  scoreText(text: $text, includeNil: $includeNil) {
    mentions { text type span { start end } entity { name } }
    predictions {
      subject { text }
      predicate { id name }
      object { text }
      confidence
      pRe
      pKnn
      p
      neighbours(first: 3) { weight label text }
    }
  }
}
`,
    variables: { text: SENTENCE, includeNil: false },
  },
  {
    name: 'ingest',
    title: 'Ingest a document',
    operation: `# Stores a document and waits for its facts. Running it twice changes nothing.
mutation Ingest($documents: [DocumentInput!]!) {
  ingestDocuments(documents: $documents) {
    ... on IngestedDocument {
      change
      document { externalId }
      triples { subject { name } predicate { name } object { name } confidence }
    }
    ... on InvalidDocument { externalId code message path }
  }
}
`,
    variables: { documents: [{ externalId: 'example-marie-curie', title: 'Marie Curie', text: SENTENCE }] },
  },
  {
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
  },
  {
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
  },
  {
    name: 'search',
    title: 'Search names and sentences',
    operation: `# All words have to be there; the last one may be the beginning of a word.
query Search($text: String!) {
  search(text: $text, first: 10) {
    entityCount
    entities { name score highlights { start end } entity { id type } }
    sentenceCount
    sentences { text score highlights { start end text } sentence { document { externalId } } }
  }
}
`,
    variables: { text: 'marie cur' },
  },
  {
    name: 'pattern',
    title: 'Match a pattern',
    operation: `# Who was born in one place and studied somewhere: variables are the same entity wherever they stand.
query Pattern {
  matchTriples(
    first: 20
    patterns: [
      { subject: { variable: "who" }, predicates: ["P19"], object: { variable: "birthplace" } }
      { subject: { variable: "who" }, predicates: ["P69"], object: { variable: "school" } }
    ]
  ) {
    truncated
    matches { bindings { variable entity { name } } triples { confidence } }
  }
}
`,
  },
  {
    name: 'changes',
    title: 'Follow changes',
    operation: `# What changed since a cursor; without one from the beginning.
query Changes($since: String) {
  changes(since: $since, first: 50) {
    changes { kind id change at }
    endCursor
    hasMore
  }
}
`,
    variables: {},
  },
  {
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
  },
  {
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
  },
  {
    name: 'memory',
    title: 'Browse the memory',
    operation: `# The labelled examples that vote: all that mention a school, and how many there are of each label.
query Memory {
  memories { name version size countsByLabel { label count } }
  memoryEntries(first: 10, filter: { labels: ["P69"] }) {
    totalCount
    nodes { text label origin subject { type span { text } } object { type span { text } } }
  }
}
`,
  },
  {
    name: 'similar',
    title: 'Similar examples',
    operation: `# The entries of the memory nearest to a sentence with a marked pair.
query Similar($pair: MarkedPairInput!) {
  memoryEntries(first: 10, similarTo: $pair) {
    nodes { squaredDistance label text }
  }
}
`,
    variables: {
      pair: {
        text: SENTENCE,
        subject: { start: 0, end: 11, type: 'PER' },
        object: { start: 24, end: 30, type: 'LOC' },
      },
    },
  },
  {
    name: 'submit',
    title: 'Submit a job',
    operation: `# Accepts documents and answers at once; follow the job with the next example.
mutation Submit($documents: [DocumentInput!]!) {
  submitDocuments(documents: $documents) {
    ... on Job { id state total done sequence }
    ... on QueueFull { code message }
    ... on InvalidDocument { externalId code message path }
  }
}
`,
    variables: { documents: [{ externalId: 'example-submitted', text: SENTENCE }] },
  },
  {
    name: 'follow',
    title: 'Follow a job',
    operation: `# Put the id of a submitted job into the variables.
subscription Follow($id: ID!) {
  jobProgress(id: $id) { state total done sequence failures { externalId code message } }
}
`,
    variables: { id: 'the id of a job' },
  },
  {
    name: 'retract',
    title: 'Retract a document',
    operation: `# Removes a document and exactly what it alone supported.
mutation Retract($externalId: String!) {
  retractDocument(externalId: $externalId) {
    ... on RetractedDocument { externalId removedTriples removedEntities }
    ... on DocumentNotFound { code message }
  }
}
`,
    variables: { externalId: 'example-marie-curie' },
  },
  {
    name: 'schema',
    title: 'Predicates',
    operation: `# The closed set of predicates that are extracted.
query Predicates {
  predicates { id name description subjectTypes objectTypes covers inverses symmetric }
}
`,
  },
  {
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
  },
];
