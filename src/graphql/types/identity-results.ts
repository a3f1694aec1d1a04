import { createUnionType, Field, Float, ID, ObjectType } from '../decorators.js';
import type { EntityId } from '../../domain/identity.js';
import type { Distinction } from '../../domain/redirects.js';
import type { DictionaryOutcome, IdentityChanges, MergeOutcome } from '../../store/identity-store.js';
import { EntityObjectType } from './entity.js';
import {
  AmbiguousNameType,
  DictionaryType,
  DistinctionType,
  DuplicateEvidenceType,
  IdentityChangesType,
  MergeType,
} from './identity.js';
import { ConflictType, InvalidInputType, NotFoundType, successOr, type ProblemSource } from './problems.js';

@ObjectType('DuplicateSuggestion', {
  simpleResolvers: true,
  description: 'Two entities that may be one.',
})
export class DuplicateSuggestionType {
  @Field(() => [EntityObjectType], { description: 'The two; the one to keep first.' })
  entities!: EntityObjectType[];

  @Field(() => Float, { description: '1 - (1 - weight) multiplied over the reasons, in (0, 1).' })
  score!: number;

  @Field(() => [DuplicateEvidenceType], { description: 'Why, strongest reason first.' })
  evidence!: DuplicateEvidenceType[];
}

@ObjectType('MergeChanged', { simpleResolvers: true, description: 'A merge that was made or taken back.' })
export class MergeChangedType {
  @Field(() => MergeType, { description: 'The merge.' })
  merge!: MergeType;

  @Field(() => IdentityChangesType, { description: 'What it did to the graph.' })
  changes!: IdentityChangesType;
}

@ObjectType('DistinctionWithdrawn', {
  simpleResolvers: true,
  description: 'Two entities that nobody keeps apart any more.',
})
export class DistinctionWithdrawnType {
  @Field(() => [ID], { description: 'Their ids.' })
  entityIds!: EntityId[];
}

@ObjectType('DictionaryImported', {
  simpleResolvers: true,
  description: 'A dictionary that is in force now.',
})
export class DictionaryImportedType {
  @Field(() => DictionaryType, { description: 'The dictionary.' })
  dictionary!: DictionaryType;

  @Field(() => IdentityChangesType, { description: 'What it did to the graph.' })
  changes!: IdentityChangesType;

  @Field(() => [AmbiguousNameType], { description: 'The first few names that several known entities have.' })
  ambiguous!: AmbiguousNameType[];
}

@ObjectType('DictionaryRemoved', { simpleResolvers: true, description: 'A dictionary that is gone.' })
export class DictionaryRemovedType {
  @Field(() => String, { description: 'What it was called.' })
  name!: string;

  @Field(() => IdentityChangesType, { description: 'What its removal did to the graph.' })
  changes!: IdentityChangesType;
}

export type MergeResultSource = MergeOutcome | ProblemSource;
export const MergeResult = createUnionType({
  name: 'MergeResult',
  description: 'What became of a merge.',
  types: () => [MergeChangedType, NotFoundType, ConflictType, InvalidInputType] as const,
  resolveType: successOr(MergeChangedType),
});

export type KeepApartResultSource = Distinction | ProblemSource;
export const KeepApartResult = createUnionType({
  name: 'KeepApartResult',
  description: 'What became of telling two entities apart.',
  types: () => [DistinctionType, NotFoundType, ConflictType, InvalidInputType] as const,
  resolveType: successOr(DistinctionType),
});

export type WithdrawDistinctionResultSource = { readonly entityIds: readonly EntityId[] } | ProblemSource;
export const WithdrawDistinctionResult = createUnionType({
  name: 'WithdrawDistinctionResult',
  description: 'What became of a withdrawal.',
  types: () => [DistinctionWithdrawnType, NotFoundType] as const,
  resolveType: successOr(DistinctionWithdrawnType),
});

export type ImportDictionaryResultSource = DictionaryOutcome | ProblemSource;
export const ImportDictionaryResult = createUnionType({
  name: 'ImportDictionaryResult',
  description: 'What became of an import.',
  types: () => [DictionaryImportedType, InvalidInputType] as const,
  resolveType: successOr(DictionaryImportedType),
});

export type RemoveDictionaryResultSource =
  { readonly name: string; readonly changes: IdentityChanges } | ProblemSource;
export const RemoveDictionaryResult = createUnionType({
  name: 'RemoveDictionaryResult',
  description: 'What became of a removal.',
  types: () => [DictionaryRemovedType, NotFoundType] as const,
  resolveType: successOr(DictionaryRemovedType),
});
