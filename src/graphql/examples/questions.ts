import type { Example } from './example.js';

export const SEARCH: Example = {
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
};

export const PATTERN: Example = {
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
};

export const CHANGES: Example = {
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
};
