import { SENTENCE, type Example } from './example.js';

export const SCORE_TEXT: Example = {
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
};

export const INGEST: Example = {
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
};

export const SUBMIT: Example = {
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
};

export const FOLLOW: Example = {
  name: 'follow',
  title: 'Follow a job',
  operation: `# Put the id of a submitted job into the variables.
subscription Follow($id: ID!) {
  jobProgress(id: $id) { state total done sequence failures { externalId code message } }
}
`,
  variables: { id: 'the id of a job' },
};

export const RETRACT: Example = {
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
};
