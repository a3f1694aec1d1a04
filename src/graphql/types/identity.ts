import { Field, Float, GraphQLISODateTime, ID, InputType, Int, ObjectType } from '../decorators.js';
import type { EntityType } from '../../domain/mention-types.js';
import type { DuplicateReason } from '../../identity/name-evidence.js';
import { connectionOf } from '../connections.js';
import { LIMITS } from '../limits.js';
import { EntityTypeEnum } from './enums/entities.js';
import { DuplicateReasonEnum } from './enums/identity.js';
import { NodeType } from './node.js';

@ObjectType('ExternalId', {
  simpleResolvers: true,
  description: 'What another knowledge base calls an entity.',
})
export class ExternalIdType {
  @Field(() => String, { description: 'Which one: wikidata, viaf, ...' })
  scheme!: string;

  @Field(() => String, { description: 'The id there: Q7186.' })
  value!: string;
}

@ObjectType('RecordedEntity', {
  simpleResolvers: true,
  description: 'An entity as it was when something was recorded about it.',
})
export class RecordedEntityType {
  @Field(() => ID, { description: 'Its id; `entity(id)` gives what it stands for now.' })
  id!: string;

  @Field(() => EntityTypeEnum, { description: 'What kind of thing it is.' })
  type!: EntityType;

  @Field(() => String, { description: 'Its name then.' })
  name!: string;
}

@ObjectType('Undoing', { simpleResolvers: true, description: 'That something was taken back.' })
export class UndoingType {
  @Field(() => String, { description: 'Who took it back.' })
  by!: string;

  @Field(() => GraphQLISODateTime, { description: 'When.' })
  at!: string;
}

@ObjectType({ simpleResolvers: true })
abstract class CuratorsWord {
  @Field(() => String, { description: 'Who said so.' })
  by!: string;

  @Field(() => GraphQLISODateTime, { description: 'When.' })
  at!: string;

  @Field(() => String, { nullable: true, description: 'Why.' })
  note!: string | null;
}

@ObjectType('Merge', {
  simpleResolvers: true,
  implements: NodeType,
  description: "A curator's word that two entities are one. Merges that were taken back are kept.",
})
export class MergeType extends CuratorsWord implements NodeType {
  id!: string;

  @Field(() => RecordedEntityType, { description: 'What was merged.' })
  from!: RecordedEntityType;

  @Field(() => RecordedEntityType, { description: 'What it was merged into.' })
  into!: RecordedEntityType;

  @Field(() => UndoingType, { nullable: true, description: 'Who took it back; null while it is in force.' })
  undone!: UndoingType | null;
}
export const MergeConnection = connectionOf(MergeType, 'Merge', 'merges');

@InputType('MergeFilter', { description: 'Which merges; all conditions must hold.' })
export class MergeFilterInput {
  @Field(() => [ID], {
    nullable: true,
    description: `What was merged or what it was merged into is one of these, at most ${LIMITS.setSize}.`,
  })
  entityIds?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Those in force, or those that were taken back.' })
  inForce?: boolean | null;
}

@ObjectType('Distinction', {
  simpleResolvers: true,
  description: "A curator's word that two entities are not one: suggestions leave the pair out.",
})
export class DistinctionType extends CuratorsWord {
  @Field(() => [RecordedEntityType], { description: 'The two.' })
  entities!: RecordedEntityType[];
}
export const DistinctionConnection = connectionOf(DistinctionType, 'Distinction', 'distinctions');

@ObjectType('KnownEntity', { simpleResolvers: true, description: 'An entry of a dictionary.' })
export class KnownEntityType {
  @Field(() => ID, { description: 'Id of the entity, whether documents mention it or not.' })
  id!: string;

  @Field(() => EntityTypeEnum, { description: 'What kind of thing it is.' })
  type!: EntityType;

  @Field(() => String, { description: 'The name that it goes by.' })
  name!: string;

  @Field(() => [String], { description: 'Its other names.' })
  aliases!: string[];

  @Field(() => [ExternalIdType], { description: 'The first one is what it is identified by.' })
  externalIds!: ExternalIdType[];
}
export const KnownEntityConnection = connectionOf(KnownEntityType, 'KnownEntity', 'entries');

@ObjectType('Dictionary', {
  simpleResolvers: true,
  description:
    'Known entities with all their names: mentions of a name that one of them alone has are linked to it.',
})
export class DictionaryType {
  @Field(() => String, { description: 'What it is called.' })
  name!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it was imported.' })
  importedAt!: string;

  @Field(() => Int, { description: 'Number of entries.' })
  entities!: number;

  @Field(() => Int, { description: 'Number of different names.' })
  names!: number;

  @Field(() => Int, {
    description: 'How many of them another known entity of any dictionary has, too: they link to none.',
  })
  ambiguousNames!: number;
}

@ObjectType('AmbiguousName', {
  simpleResolvers: true,
  description: 'A name of several known entities: mentions of it are linked to none of them.',
})
export class AmbiguousNameType {
  @Field(() => String, { description: 'The name.' })
  name!: string;

  @Field(() => EntityTypeEnum, { description: 'Type of the entities.' })
  type!: EntityType;

  @Field(() => [RecordedEntityType], { description: 'Those that have it.' })
  entities!: RecordedEntityType[];
}

@InputType('DictionaryEntryInput', { description: 'A known entity.' })
export class DictionaryEntryInput {
  @Field(() => EntityTypeEnum, { description: 'What kind of thing it is; neither TIME nor NUM.' })
  type!: EntityType;

  @Field(() => String, { description: 'The name that it goes by.' })
  name!: string;

  @Field(() => [String], { nullable: true, description: 'Its other names.' })
  aliases?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'scheme:value; ids of Wikidata (Q7186) need no scheme. The first one is what the entity is identified by; without any that is its name.',
  })
  externalIds?: string[] | null;
}

@ObjectType('DuplicateEvidence', {
  simpleResolvers: true,
  description: 'A reason to believe that two entities are one.',
})
export class DuplicateEvidenceType {
  @Field(() => DuplicateReasonEnum, { description: 'What kind of reason.' })
  reason!: DuplicateReason;

  @Field(() => Float, { description: 'How much it weighs, in (0, 1): a rule of thumb, no probability.' })
  weight!: number;

  @Field(() => String, { description: 'The reason in words.' })
  detail!: string;
}

@ObjectType('IdentityChanges', {
  simpleResolvers: true,
  description: 'What a change of identity did to the graph.',
})
export class IdentityChangesType {
  @Field(() => Int, { description: 'Mentions that refer to another entity than before.' })
  mentions!: number;

  @Field(() => Int, { description: 'Evidence that supports another triple than before, none, or one again.' })
  evidence!: number;
}
