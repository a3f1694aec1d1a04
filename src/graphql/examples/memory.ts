import { SENTENCE, type Example } from './example.js';

export const MEMORY: Example = {
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
};

export const SIMILAR: Example = {
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
};
