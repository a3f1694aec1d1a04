import { openDataset } from '../../datasets/open.js';
import type { DatasetFormat, LabelledText } from '../../datasets/ports.js';
import { PredicateSchema } from '../../domain/predicates.js';
import type { SentenceExamples } from '../../memory/building/entry-builder.js';
import {
  DistantLabeller,
  type DistantCounts,
  noDistantCounts,
} from '../../memory/distant/distant-examples.js';
import { type Fact, FactBase } from '../../memory/distant/facts.js';
import { NameMatcher } from '../../memory/distant/name-matcher.js';

/** Texts that distant supervision labelled, and how many pairs it matched by label. */
export interface DistantTexts {
  readonly texts: readonly LabelledText[];
  readonly facts: number;
  readonly counts: DistantCounts;
}

export interface DistantSource {
  readonly format: DatasetFormat;
  readonly path: string;
}

/**
 * Labels sentences of a corpus by the facts of labelled texts, as the method builds its DS memories: both names in one
 * sentence stand for the relation that the texts state between them. The annotations of the corpus are not looked at.
 */
export async function distantTexts(
  facts: readonly LabelledText[],
  corpus: readonly DistantSource[],
  labels: readonly string[],
): Promise<DistantTexts> {
  const base = await FactBase.of(factsOf(facts), {
    schema: new PredicateSchema([]),
    labels,
    types: [ENTITY],
  });
  const counts = noDistantCounts();
  const choice = { ambiguous: 'drop', nilShare: 0, gate: null } as const;
  const labeller = new DistantLabeller(base, new NameMatcher(base.entities()), choice, counts);
  const texts: LabelledText[] = [];
  const seen = new Set<string>();
  for (const { format, path } of corpus)
    for await (const text of await openDataset(format, path)) {
      const spans = text.sentences ?? [{ start: 0, end: text.text.length }];
      for (const { sentence, examples } of labeller.examplesOf(text, spans)) {
        if (seen.has(sentence.text)) continue;
        seen.add(sentence.text);
        texts.push(labelledText(sentence, examples));
      }
    }
  return { texts, facts: base.size, counts };
}

const ENTITY = 'ENTITY';

async function* factsOf(texts: readonly LabelledText[]): AsyncGenerator<Fact> {
  await Promise.resolve();
  for (const { text, mentions, relations, origin } of texts)
    for (const { subject, object, label } of relations) {
      const entity = (mention: number): Fact['subject'] => {
        const found = mentions[mention];
        const name = text.slice(found?.start, found?.end);
        return { key: found?.entity ?? name, names: [name], type: ENTITY };
      };
      yield { subject: entity(subject), predicate: label, object: entity(object), place: [origin] };
    }
}

function labelledText(
  { text, mentions, origin }: SentenceExamples['sentence'],
  examples: SentenceExamples['examples'],
): LabelledText {
  return {
    id: origin,
    origin,
    text,
    mentions,
    relations: examples.map(({ subject, object, label }) => ({ subject, object, label })),
    judged: examples.map(({ subject, object }) => ({ subject, object })),
  };
}
