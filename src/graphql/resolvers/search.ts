import { Args, Ctx, FieldResolver, Query, Resolver, Root } from '../decorators.js';
import type { Span } from '../../domain/offsets.js';
import { OffsetMap } from '../../domain/offsets.js';
import type { EntityHit, SearchHits, SentenceHit } from '../../store/graph-queries.js';
import type { ApiContext } from '../context.js';
import { invalidArgument } from '../errors.js';
import { costOfList, LIMITS } from '../limits.js';
import { viewSpan, type SpanView } from '../spans.js';
import { EntityHitType, SearchArguments, SearchHitsType, SentenceHitType } from '../types/search.js';
import { SpanType, UnitArguments } from '../types/span.js';

@Resolver(() => EntityHitType)
export class EntityHitResolver {
  @Query(() => SearchHitsType, {
    description: 'Full-text search over names of entities and over sentences.',
    complexity: costOfList(LIMITS.defaultInnerPageSize),
  })
  search(
    @Args(() => SearchArguments) { text, kinds, first }: SearchArguments,
    @Ctx() { services }: ApiContext,
  ): Promise<SearchHits> {
    if (text.length > LIMITS.searchLength)
      throw invalidArgument(`text has ${text.length} characters; at most ${LIMITS.searchLength}`, 'text');
    return services.store.queries.search({ text, kinds, first });
  }

  @FieldResolver(() => [SpanType], { description: 'Where the words stand in `name`.' })
  highlights(
    @Root() { name, highlights }: EntityHit,
    @Args(() => UnitArguments) { unit }: UnitArguments,
  ): SpanView[] {
    return viewSpans(name, highlights, unit);
  }
}

@Resolver(() => SentenceHitType)
export class SentenceHitResolver {
  @FieldResolver(() => [SpanType], { description: 'Where the words stand in `text`.' })
  highlights(
    @Root() { text, highlights }: SentenceHit,
    @Args(() => UnitArguments) { unit }: UnitArguments,
  ): SpanView[] {
    return viewSpans(text, highlights, unit);
  }
}

function viewSpans(text: string, spans: readonly Span[], unit: UnitArguments['unit']): SpanView[] {
  const offsets = new OffsetMap(text);
  return spans.map((span) => viewSpan(text, span, unit, () => offsets));
}
