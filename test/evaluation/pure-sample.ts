/** Sentences with their mentions marked, and what holds between them by their places. */
const SENTENCES: readonly (readonly [string, ...(readonly [number, string, number])[]])[] = [
  ['[[Ada Lovelace|PER]] was born in [[London|LOC]] .', [0, 'born-in', 1]],
  ['[[Emmy Noether|PER]] was born in [[Erlangen|LOC]] and taught in [[Göttingen|LOC]] .', [0, 'born-in', 1]],
  ['[[Albert Einstein|PER]] was born in [[Ulm|LOC]] .', [0, 'born-in', 1]],
  [
    '[[Niels Bohr|PER]] was born in [[Copenhagen|LOC]] , as was his brother [[Harald|PER]] .',
    [0, 'born-in', 1],
  ],
  ['[[Marie Curie|PER]] studied at the [[University of Paris|ORG]] .', [0, 'studied-at', 1]],
  ['[[Alan Turing|PER]] studied at [[Princeton University|ORG]] .', [0, 'studied-at', 1]],
  ['[[Isaac Newton|PER]] studied at [[Trinity College|ORG]] .', [0, 'studied-at', 1]],
  ['[[Johannes Brahms|PER]] died in [[Vienna|LOC]] .', [0, 'died-in', 1]],
  ['[[Clara Schumann|PER]] died in [[Frankfurt|LOC]] .', [0, 'died-in', 1]],
  ['[[Robert Schumann|PER]] married [[Clara Wieck|PER]] .', [0, 'married', 1]],
  ['[[Frida Kahlo|PER]] married the painter [[Diego Rivera|PER]] .', [0, 'married', 1]],
  ['[[Johannes Brahms|PER]] wrote to [[Clara Schumann|PER]] from [[Hamburg|LOC]] .'],
];

/** What the sample's names mean in the schema, as a mapping file. */
export const SAMPLE_MAPPING = {
  labels: { 'born-in': 'P19', 'died-in': 'P20', 'studied-at': 'P69', married: 'P26' },
};
/** The same as the API takes it. */
export const SAMPLE_MAPPING_INPUT = {
  labels: Object.entries(SAMPLE_MAPPING.labels).map(([name, label]) => ({ name, label })),
};
export const SAMPLE_LABELS = ['P19', 'P20', 'P26', 'P69'];
/** Relations of the sample. */
export const SAMPLE_FACTS = 11;

/** The sentences in PURE's form, a document each: JSON lines. */
export function pureSample(): string {
  return SENTENCES.map(
    ([text, ...relations], index) => `${JSON.stringify(pureDocument(`text ${index}`, text, relations))}\n`,
  ).join('');
}

function pureDocument(
  key: string,
  text: string,
  relations: readonly (readonly [number, string, number])[],
): object {
  const tokens: string[] = [];
  const mentions: [number, number, string][] = [];
  for (const part of text.split(/(\[\[[^\]]*\]\])/)) {
    const [, surface, type] = /^\[\[(.*)\|(.*)\]\]$/.exec(part) ?? [];
    const words = (surface ?? part).split(' ').filter((word) => word !== '');
    if (type !== undefined) mentions.push([tokens.length, tokens.length + words.length - 1, type]);
    tokens.push(...words);
  }
  const ends = (mention: number): number[] => mentions[mention]!.slice(0, 2) as number[];
  return {
    doc_key: key,
    sentences: [tokens],
    ner: [mentions],
    relations: [
      relations.map(([subject, label, object]) => [...ends(subject), ...ends(object), label] as const),
    ],
  };
}
