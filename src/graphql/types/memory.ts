import { Field, Float, InputType, Int, ObjectType } from '../decorators.js';
import type { MentionType } from '../../domain/mention-types.js';
import type { OffsetUnit } from '../../domain/offsets.js';
import { connectionOf } from '../connections.js';
import { LIMITS } from '../limits.js';
import { OffsetUnitEnum } from './enums/documents.js';
import { MentionTypeEnum } from './enums/entities.js';
import { NodeType } from './node.js';
import { SpanType } from './span.js';

@ObjectType('Memory', {
  simpleResolvers: true,
  implements: NodeType,
  description: 'A named, versioned set of labelled examples that vote.',
})
export class MemoryType {
  @Field(() => String, { description: 'Unique among the memories of this server.' })
  name!: string;

  @Field(() => String, { description: 'Version of the package.' })
  version!: string;

  @Field(() => Int, { description: 'Number of entries.' })
  size!: number;
}

@ObjectType('LabelCount', { simpleResolvers: true, description: 'How many entries have a label.' })
export class LabelCountType {
  @Field(() => String, { description: 'Predicate id or NIL.' })
  label!: string;

  @Field(() => Int, { description: 'Number of entries.' })
  count!: number;
}

@ObjectType('TypedSpan', {
  simpleResolvers: true,
  description: 'A marked span with the type of what it names.',
})
export class TypedSpanType {
  @Field(() => String, {
    description:
      "One of the encoder's mention types: PER, ORG, LOC, TIME, NUM, MISC or PRON for the shipped one.",
  })
  type!: string;

  @Field(() => SpanType, { description: 'Where it stands.' })
  span!: SpanType;
}

@ObjectType('MemoryEntry', {
  simpleResolvers: true,
  implements: NodeType,
  description: 'A labelled example of a memory: a sentence with a marked pair.',
})
export class MemoryEntryType {
  @Field(() => Float, {
    nullable: true,
    description: 'Squared distance to the pair of `similarTo`; null where nothing was compared.',
  })
  squaredDistance!: number | null;
}
export const MemoryEntryConnection = connectionOf(MemoryEntryType, 'MemoryEntry', 'memory entries');

@InputType('MemoryEntryFilter', { description: 'Which entries; all conditions must hold.' })
export class MemoryEntryFilterInput {
  @Field(() => [String], {
    nullable: true,
    description: `One of these labels, at most ${LIMITS.setSize}: predicate ids or NIL.`,
  })
  labels?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: `The text contains this, in any letter case; at most ${LIMITS.searchLength} characters.`,
  })
  text?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The origin is this, or begins with it and a colon: the file of `people.jsonl:12`.',
  })
  origin?: string | null;
}

@InputType('MarkedSpanInput', { description: 'One side of a marked pair.' })
export class MarkedSpanInput {
  @Field(() => Int, { description: 'Offset of its first character in the text.' })
  start!: number;

  @Field(() => Int, { description: 'Offset after its last character in the text.' })
  end!: number;

  @Field(() => MentionTypeEnum, { description: 'What it names.' })
  type!: MentionType;
}

@InputType('MarkedPairInput', { description: 'A sentence with a marked pair, to find similar entries.' })
export class MarkedPairInput {
  @Field(() => String, { description: `One sentence, at most ${LIMITS.similarTextLength} characters.` })
  text!: string;

  @Field(() => MarkedSpanInput, { description: 'The subject of the pair.' })
  subject!: MarkedSpanInput;

  @Field(() => MarkedSpanInput, { description: 'The object of the pair; it must not overlap the subject.' })
  object!: MarkedSpanInput;

  @Field(() => OffsetUnitEnum, { defaultValue: 'utf16', description: 'What the offsets count.' })
  offsetUnit!: OffsetUnit;
}
