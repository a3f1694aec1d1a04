import type { MentionType } from '../domain/mention-types.js';
import type { GivenMention } from '../domain/model.js';
import { type Span, spansOverlap } from '../domain/offsets.js';
import type { PredicateSchema } from '../domain/predicates.js';
import { DisjointSpans } from './disjoint-spans.js';
import type { Passage } from './passages.js';

/**
 * Gold spans of a passage with types, and the detected mentions that none of them touches: the candidates when
 * mentions are given. KnowledgeNet does not type its spans: a span takes the type of the detected mention with
 * its boundaries, PRON if it is a pronoun, the type of a detected mention that it overlaps, or what its first
 * fact's predicate asks for. Of gold spans that overlap one another the longest stays, as given mentions must not
 * overlap.
 */
export function withGoldSpans(
  passage: Passage,
  detected: readonly (Span & { readonly type: MentionType })[],
  pronouns: ReadonlySet<string>,
  schema: PredicateSchema,
): readonly GivenMention[] {
  const typed = new Map<string, GivenMention>();
  for (const fact of passage.facts)
    for (const role of ['subject', 'object'] as const) {
      const span = fact[role];
      const key = `${span.start}-${span.end}`;
      if (!typed.has(key))
        typed.set(key, {
          ...span,
          type: typeOf(passage, span, fact.predicate, role, detected, pronouns, schema),
        });
    }
  const kept = DisjointSpans.longestOf([...typed.values()]);
  for (const { start, end, type } of detected) kept.add({ start, end, type });
  return kept.inOrder();
}

function typeOf(
  passage: Passage,
  span: Span,
  predicateId: string,
  role: 'subject' | 'object',
  detected: readonly (Span & { readonly type: MentionType })[],
  pronouns: ReadonlySet<string>,
  schema: PredicateSchema,
): MentionType {
  const same = detected.find(({ start, end }) => start === span.start && end === span.end);
  if (same) return same.type;
  if (pronouns.has(passage.text.slice(span.start, span.end).toLowerCase())) return 'PRON';
  const touching = detected.find((mention) => mention.type !== 'PRON' && spansOverlap(mention, span));
  if (touching) return touching.type;
  const predicate = schema.get(predicateId);
  const [type] = (role === 'subject' ? predicate?.subjectTypes : predicate?.objectTypes) ?? [];
  return type ?? 'MISC';
}
