import { ArgsType, Field, Float, Int, ObjectType } from '../decorators.js';
import type { SearchKind } from '../../store/graph-queries.js';
import { LIMITS } from '../limits.js';
import { SentenceType } from './document.js';
import { EntityObjectType } from './entity.js';
import { SearchKindEnum } from './enums/graph-queries.js';

@ArgsType()
export class SearchArguments {
  @Field(() => String, {
    description: `Words, at most ${LIMITS.searchWords} in at most ${LIMITS.searchLength} characters: all have to be there, in any order, whatever the letter case and accents. The last one may be the beginning of a word.`,
  })
  text!: string;

  @Field(() => [SearchKindEnum], { defaultValue: ['entity', 'sentence'], description: 'Where to look.' })
  kinds!: SearchKind[];

  @Field(() => Int, { defaultValue: 10, description: `Most hits of each kind, 1 to ${LIMITS.searchHits}.` })
  first!: number;
}

@ObjectType('EntityHit', { simpleResolvers: true, description: 'An entity that a search found.' })
export class EntityHitType {
  @Field(() => EntityObjectType, { description: 'The entity.' })
  entity!: unknown;

  @Field(() => String, { description: 'The one of its names that fits best.' })
  name!: string;

  @Field(() => Float, {
    description:
      "Share of the name's words that were asked for, above 0 to 1; a word that is only begun counts half. Equal ones: most mentioned first.",
  })
  score!: number;
}

@ObjectType('SentenceHit', { simpleResolvers: true, description: 'A sentence that a search found.' })
export class SentenceHitType {
  @Field(() => SentenceType, { description: 'The sentence.' })
  sentence!: unknown;

  @Field(() => String, { description: 'Its text.' })
  text!: string;

  @Field(() => Float, { description: 'BM25: higher is better; comparable within one answer alone.' })
  score!: number;
}

@ObjectType('SearchHits', { simpleResolvers: true, description: 'What a search found, best first.' })
export class SearchHitsType {
  @Field(() => [EntityHitType], { description: 'Entities by the words of their names.' })
  entities!: unknown;

  @Field(() => Int, { description: 'Number of entities that match, whatever `first` is.' })
  entityCount!: number;

  @Field(() => [SentenceHitType], { description: 'Sentences by their words.' })
  sentences!: unknown;

  @Field(() => Int, { description: 'Number of sentences that match, whatever `first` is.' })
  sentenceCount!: number;
}
