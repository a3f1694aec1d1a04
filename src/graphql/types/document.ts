import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, ID, InputType, Int, ObjectType } from '../decorators.js';
import type { MentionType } from '../../domain/mention-types.js';
import type { MentionOrigin } from '../../domain/model.js';
import type { OffsetUnit } from '../../domain/offsets.js';
import { connectionOf } from '../connections.js';
import { JOINED, LIMITS } from '../limits.js';
import { OffsetUnitEnum } from './enums/documents.js';
import { MentionOriginEnum, MentionTypeEnum } from './enums/entities.js';
import { NodeType } from './node.js';
import { MentionInput } from './span.js';

@ObjectType('Document', {
  simpleResolvers: true,
  implements: NodeType,
  description: 'A text that a client ingested, with what was found in it.',
})
export class DocumentType implements NodeType {
  @Field(() => ID, { description: 'Stable: made from the externalId.' })
  id!: string;

  @Field(() => String, { description: "The client's own name for the document." })
  externalId!: string;

  @Field(() => String, { description: 'Hash of text, title and given mentions: changes when they do.' })
  revision!: string;

  @Field(() => String, { description: 'The whole text, as it was ingested.' })
  text!: string;

  @Field(() => String, { nullable: true, description: 'Title, if the client gave one.' })
  title!: string | null;

  @Field(() => String, { nullable: true, description: 'Where the text comes from, if the client said.' })
  source!: string | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: "The client's own data, returned as it was given.",
  })
  metadata!: Readonly<Record<string, unknown>> | null;
}
export const DocumentConnection = connectionOf(DocumentType, 'Document', 'documents');

@ObjectType('Sentence', {
  simpleResolvers: true,
  implements: NodeType,
  description: 'A sentence of a document.',
})
export class SentenceType implements NodeType {
  @Field(() => ID, { description: "Stable as long as the document's revision is." })
  id!: string;

  @Field(() => Int, { description: 'Position in the document, from 0.' })
  index!: number;
}
export const SentenceConnection = connectionOf(SentenceType, 'Sentence', 'sentences');

@ObjectType('Mention', {
  simpleResolvers: true,
  implements: NodeType,
  description: 'A span of a document that names an entity.',
})
export class MentionObjectType implements NodeType {
  @Field(() => ID, { description: "Stable as long as the document's revision is." })
  id!: string;

  @Field(() => String, { description: 'The words as they stand in the text: a pronoun stays itself.' })
  text!: string;

  @Field(() => MentionTypeEnum, { description: 'What kind of thing it names.' })
  type!: MentionType;

  @Field(() => Float, {
    description: "The detector's probability, 0 to 1; 1 for given mentions and pronouns.",
  })
  score!: number;

  @Field(() => MentionOriginEnum, { description: 'Where it comes from.' })
  origin!: MentionOrigin;
}
export const MentionConnection = connectionOf(MentionObjectType, 'Mention', 'mentions');

@InputType('DocumentInput', { description: 'A document to ingest.' })
export class DocumentInputType {
  @Field(() => String, {
    description:
      'Your name for the document, 1 to 512 characters. The same externalId with another text replaces the document.',
  })
  externalId!: string;

  @Field(() => String, { description: 'Plain text; `server { limits { maxTextLength } }` says how long.' })
  text!: string;

  @Field(() => String, { nullable: true, description: 'Title, for people.' })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'Where the text comes from: an address, a file name.' })
  source?: string | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'Your own data, kept and returned as it is.',
  })
  metadata?: Record<string, unknown> | null;

  @Field(() => [MentionInput], {
    nullable: true,
    description: "Mentions that you know: they are used in place of the detector's.",
  })
  mentions?: MentionInput[] | null;

  @Field(() => OffsetUnitEnum, {
    defaultValue: 'utf16',
    description: 'What the offsets of `mentions` count.',
  })
  offsetUnit!: OffsetUnit;
}

@InputType('DocumentFilter', {
  description: 'Which documents; all conditions must hold. Filters join by `and`, `or` and `not`.',
})
export class DocumentFilterInput {
  @Field(() => [String], {
    nullable: true,
    description: `One of these externalIds, at most ${LIMITS.setSize}.`,
  })
  externalIds?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Exactly this source.' })
  source?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Title or text contain this, whatever the case of A to Z; at most ${LIMITS.searchLength} characters.`,
  })
  text?: string | null;

  @Field(() => [DocumentFilterInput], {
    nullable: true,
    description: `All of these hold, too; ${JOINED}.`,
  })
  and?: DocumentFilterInput[] | null;

  @Field(() => [DocumentFilterInput], {
    nullable: true,
    description: 'At least one of these holds; an empty list matches nothing.',
  })
  or?: DocumentFilterInput[] | null;

  @Field(() => DocumentFilterInput, { nullable: true, description: 'This does not hold.' })
  not?: DocumentFilterInput | null;
}
