import { ArgsType, Field, InputType, Int, ObjectType } from '../decorators.js';
import type { MentionType } from '../../domain/mention-types.js';
import type { OffsetUnit } from '../../domain/offsets.js';
import { OffsetUnitEnum } from './enums/documents.js';
import { MentionTypeEnum } from './enums/entities.js';

@ObjectType('Span', {
  simpleResolvers: true,
  description: 'A piece of a text, from `start` up to `end`, exclusive.',
})
export class SpanType {
  @Field(() => Int, { description: 'Offset of the first character, in `unit`.' })
  start!: number;

  @Field(() => Int, { description: 'Offset after the last character, in `unit`.' })
  end!: number;

  @Field(() => OffsetUnitEnum, { description: 'What `start` and `end` count.' })
  unit!: OffsetUnit;

  @Field(() => String, { description: 'The piece of text itself.' })
  text!: string;
}

@ArgsType()
export class UnitArguments {
  @Field(() => OffsetUnitEnum, { defaultValue: 'utf16', description: 'What the offsets count.' })
  unit!: OffsetUnit;
}

@InputType('MentionInput', {
  description: 'A mention that the client knows; its offsets count in the `offsetUnit` given beside it.',
})
export class MentionInput {
  @Field(() => Int, { description: "Offset of its first character in the document's text." })
  start!: number;

  @Field(() => Int, { description: "Offset after its last character in the document's text." })
  end!: number;

  @Field(() => MentionTypeEnum, { description: 'What it names. Mentions must not overlap.' })
  type!: MentionType;
}
