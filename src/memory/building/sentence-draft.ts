import { NIL } from '../../domain/predicates.js';
import type { MarkedMention } from '../../inference/ports.js';
import { examplesOf } from '../examples.js';
import type { LabelledSentence } from '../source.js';
import type { SentenceExamples } from './entry-builder.js';
import { shortOrigin } from './inputs.js';

/** A sentence while its pairs are judged: it has the mentions that pairs name. */
export class SentenceDraft {
  private readonly mentions: MarkedMention[] = [];
  private readonly positions = new Map<string | number, number>();
  private readonly facts: LabelledSentence['facts'][number][] = [];
  private readonly nil: LabelledSentence['nil'][number][] = [];

  /** @param origin of the text that the sentence stands in */
  constructor(
    readonly text: string,
    private readonly origin: string,
  ) {}

  /** @returns the mention's index in the sentence; what has the same key is the same mention */
  mention(key: string | number, { start, end, type }: MarkedMention): number {
    const known = this.positions.get(key);
    if (known !== undefined) return known;
    this.positions.set(key, this.mentions.length);
    return this.mentions.push({ start, end, type }) - 1;
  }

  /** @param subject and @param object indices of mentions @param label a label, or NIL */
  relate(subject: number, label: string, object: number): void {
    if (label === NIL) this.nil.push({ subject, object });
    else this.facts.push({ subject, predicate: label, object });
  }

  /** Its examples; none where nothing was related. @param perText as in `ExampleChoice` */
  finish(perText: number | undefined): SentenceExamples[] {
    const { text, mentions, facts, nil } = this;
    if (facts.length + nil.length === 0) return [];
    const sentence = { text, origin: shortOrigin(this.origin), mentions, facts, nil };
    return [{ sentence, examples: examplesOf(sentence, { nil: 'listed', perText }) }];
  }
}
