import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from '../decorators.js';
import type { Entity, LocalEntity, Neighbour } from '../../domain/model.js';
import type { Predicate } from '../../domain/predicates.js';
import { spanText } from '../../domain/offsets.js';
import type { OffsetUnit } from '../../domain/offsets.js';
import type { ApiContext } from '../context.js';
import { documentInput } from '../document-inputs.js';
import { given } from '../filters.js';
import {
  profileOfCall,
  scoredText,
  type ScoredMention,
  type ScoredPair,
  type ScoredSentence,
  type ScoredText,
} from '../scored-text.js';
import { viewSpan, type SpanView } from '../spans.js';
import { EntityObjectType } from '../types/entity.js';
import { OffsetUnitEnum } from '../types/enums/documents.js';
import { PredicateType } from '../types/predicate.js';
import { NeighbourType } from '../types/prediction.js';
import { ScoringOverridesInput } from '../types/profile.js';
import {
  ScoredEntityType,
  ScoredMentionType,
  ScoredPairType,
  ScoredSentenceType,
  ScoredTextType,
} from '../types/scored-text.js';
import { MentionInput, SpanType, UnitArguments } from '../types/span.js';
import { firstNeighbours, NEIGHBOURS_FIRST, neighbourCost } from './neighbour.js';
import { predicateOfLabel } from './predicate.js';

/** Scoring runs two models: it weighs as much as a page of some hundred fields. */
const SCORING_COST = 500;

@Resolver(() => ScoredTextType)
export class ScoredTextResolver {
  @Query(() => ScoredTextType, {
    description: 'Shows what would be extracted from a text, and why. Writes nothing.',
    complexity: ({ childComplexity }) => SCORING_COST + 10 * childComplexity,
  })
  async scoreText(
    @Arg('text', () => String, {
      description: 'Plain text; `server { limits { maxTextLength } }` says how long.',
    })
    text: string,
    @Arg('title', () => String, { nullable: true, description: 'Title of the text.' }) title: string | null,
    @Arg('mentions', () => [MentionInput], {
      nullable: true,
      description: "Mentions that you know: they are used in place of the detector's.",
    })
    mentions: MentionInput[] | null,
    @Arg('offsetUnit', () => OffsetUnitEnum, {
      defaultValue: 'utf16',
      description: 'What the offsets of `mentions` count.',
    })
    offsetUnit: OffsetUnit,
    @Arg('includeNil', () => Boolean, {
      defaultValue: false,
      description: 'Also pairs that hold no relation.',
    })
    includeNil: boolean,
    @Arg('overrides', () => ScoringOverridesInput, {
      nullable: true,
      description: "Changes to the server's profile for this call.",
    })
    overrides: ScoringOverridesInput | null,
    @Ctx() { services }: ApiContext,
  ): Promise<ScoredText> {
    const profile = profileOfCall(services, given(overrides ?? {}));
    const document = documentInput({ externalId: 'score-text', text, title, mentions, offsetUnit });
    return scoredText(services.extractor, document, profile, includeNil);
  }
}

@Resolver(() => ScoredSentenceType)
export class ScoredSentenceResolver {
  @FieldResolver(() => String, { description: 'Its text.' })
  text(@Root() { sentence, frame }: ScoredSentence): string {
    return spanText(frame.text, sentence);
  }

  @FieldResolver(() => SpanType, { description: 'Where it stands in the text.' })
  span(
    @Root() { sentence, frame }: ScoredSentence,
    @Args(() => UnitArguments) { unit }: UnitArguments,
  ): SpanView {
    return viewSpan(frame.text, sentence, unit, frame.offsets);
  }
}

@Resolver(() => ScoredMentionType)
export class ScoredMentionResolver {
  @FieldResolver(() => SpanType, { description: 'Where it stands in the text.' })
  span(@Root() mention: ScoredMention, @Args(() => UnitArguments) { unit }: UnitArguments): SpanView {
    return viewSpan(mention.frame.text, mention, unit, mention.frame.offsets);
  }

  @FieldResolver(() => ScoredEntityType, {
    nullable: true,
    description: 'What it refers to; null for a pronoun that could not be resolved.',
  })
  entity(@Root() { entity }: ScoredMention): LocalEntity | null {
    return entity;
  }
}

@Resolver(() => ScoredEntityType)
export class ScoredEntityResolver {
  @FieldResolver(() => EntityObjectType, {
    nullable: true,
    description: 'The stored entity with this type and name, if there is one.',
  })
  stored(@Root() { id }: LocalEntity, @Ctx() { loaders }: ApiContext): Promise<Entity | null> {
    return loaders.entity.load(id);
  }
}

@Resolver(() => ScoredPairType)
export class ScoredPairResolver {
  @FieldResolver(() => PredicateType, {
    nullable: true,
    description: 'The predicate of the label; null for NIL.',
  })
  predicate(@Root() { label }: ScoredPair, @Ctx() { services }: ApiContext): Predicate | null {
    return predicateOfLabel(services.schema, label);
  }

  @FieldResolver(() => ScoredMentionType, { description: 'The subject as it stands in the text.' })
  subject(@Root() { subject }: ScoredPair): ScoredMention {
    return subject;
  }

  @FieldResolver(() => ScoredMentionType, { description: 'The object as it stands in the text.' })
  object(@Root() { object }: ScoredPair): ScoredMention {
    return object;
  }

  @FieldResolver(() => ScoredSentenceType, { description: 'The sentence of the pair.' })
  sentence(@Root() { sentence }: ScoredPair): ScoredSentence {
    return sentence;
  }

  @FieldResolver(() => [NeighbourType], {
    description: 'The labelled examples that voted, by memory, nearest first.',
    complexity: neighbourCost,
  })
  neighbours(
    @Root() { neighbours }: ScoredPair,
    @Arg('first', () => Int, NEIGHBOURS_FIRST) first: number | null,
  ): readonly Neighbour[] {
    return firstNeighbours(neighbours, first);
  }
}
