import { ArgsType, Field, ID, InputType, Int, ObjectType } from '../decorators.js';
import type { ExternalId } from '../../domain/external-id.js';
import type { EntityType } from '../../domain/mention-types.js';
import type { DatePrecision, NormalisedDate } from '../../domain/model.js';
import { connectionOf } from '../connections.js';
import { JOINED, LIMITS } from '../limits.js';
import { DatePrecisionEnum, EntityTypeEnum } from './enums/entities.js';
import { ExternalIdType } from './identity.js';
import { NodeType } from './node.js';

@ObjectType('NormalisedDate', { simpleResolvers: true, description: 'A date as far as a text tells it.' })
export class NormalisedDateType {
  @Field(() => String, {
    description:
      'ISO 8601 cut to the precision; X stands for digits that are not told: 1879-03-14, 1879, 187X.',
  })
  iso!: string;

  @Field(() => DatePrecisionEnum, { description: 'How exactly it is known.' })
  precision!: DatePrecision;
}

@ObjectType('Entity', {
  simpleResolvers: true,
  implements: NodeType,
  description: 'Something that mentions refer to, over all documents.',
})
export class EntityObjectType implements NodeType {
  @Field(() => ID, {
    description:
      'Stable: made from type and name, or from the external id that a dictionary identifies it by.',
  })
  id!: string;

  @Field(() => String, {
    description: 'Its name in a dictionary, else the full name that most documents give it.',
  })
  name!: string;

  @Field(() => EntityTypeEnum, { description: 'What kind of thing it is.' })
  type!: EntityType;

  @Field(() => NormalisedDateType, {
    nullable: true,
    description: 'The date that it is; null for what is no date.',
  })
  date!: NormalisedDate | null;

  @Field(() => [ExternalIdType], { description: 'What other knowledge bases call it, as dictionaries say.' })
  externalIds!: ExternalId[];
}
export const EntityConnection = connectionOf(EntityObjectType, 'Entity', 'entities');

@InputType('EntityFilter', {
  description: 'Which entities; all conditions must hold. Filters join by `and`, `or` and `not`.',
})
export class EntityFilterInput {
  @Field(() => [EntityTypeEnum], { nullable: true, description: 'One of these types.' })
  types?: EntityType[] | null;

  @Field(() => String, {
    nullable: true,
    description: `Name or an alias contain this, whatever the letter case and accents; at most ${LIMITS.searchLength} characters.`,
  })
  search?: string | null;

  @Field(() => [EntityFilterInput], {
    nullable: true,
    description: `All of these hold, too; ${JOINED}.`,
  })
  and?: EntityFilterInput[] | null;

  @Field(() => [EntityFilterInput], {
    nullable: true,
    description: 'At least one of these holds; an empty list matches nothing.',
  })
  or?: EntityFilterInput[] | null;

  @Field(() => EntityFilterInput, { nullable: true, description: 'This does not hold.' })
  not?: EntityFilterInput | null;
}

@ArgsType()
export class NeighbourhoodArguments {
  @Field(() => Int, {
    defaultValue: 1,
    description: `How many triples away, 1 to ${LIMITS.neighbourhoodDepth}.`,
  })
  depth!: number;

  @Field(() => Int, {
    defaultValue: 100,
    description: `Most triples to return, 1 to ${LIMITS.neighbourhoodTriples}.`,
  })
  limit!: number;
}
