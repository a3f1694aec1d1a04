import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from '../decorators.js';
import type { Document, Entity, Mention, Sentence } from '../../domain/model.js';
import { spanText } from '../../domain/offsets.js';
import type { ApiContext } from '../context.js';
import { required } from '../loaders.js';
import { viewSpan, type SpanView } from '../spans.js';
import { DocumentType, MentionObjectType, SentenceType } from '../types/document.js';
import { EntityObjectType } from '../types/entity.js';
import { SpanScopeEnum, type SpanScope } from '../types/enums/documents.js';
import { SpanType, UnitArguments } from '../types/span.js';

@Resolver(() => MentionObjectType)
export class MentionResolver {
  @FieldResolver(() => SpanType, { description: 'Where it stands.' })
  async span(
    @Root() mention: Mention,
    @Args(() => UnitArguments) { unit }: UnitArguments,
    @Arg('within', () => SpanScopeEnum, {
      defaultValue: 'document',
      description: 'Where offsets count from.',
    })
    within: SpanScope,
    @Ctx() { loaders, offsetsOf }: ApiContext,
  ): Promise<SpanView> {
    const document = await required(loaders.document, mention.documentId);
    if (within !== 'sentence') return viewSpan(document.text, mention, unit, () => offsetsOf(document));
    const sentence = await required(loaders.sentence, mention.sentenceId);
    const span = { start: mention.start - sentence.start, end: mention.end - sentence.start };
    return viewSpan(spanText(document.text, sentence), span, unit);
  }

  @FieldResolver(() => EntityObjectType, {
    nullable: true,
    description: 'What it refers to; null for a pronoun that could not be resolved.',
  })
  async entity(@Root() { entityId }: Mention, @Ctx() { loaders }: ApiContext): Promise<Entity | null> {
    return entityId === null ? null : required(loaders.entity, entityId);
  }

  @FieldResolver(() => SentenceType, { description: 'The sentence that it stands in.' })
  sentence(@Root() { sentenceId }: Mention, @Ctx() { loaders }: ApiContext): Promise<Sentence> {
    return required(loaders.sentence, sentenceId);
  }

  @FieldResolver(() => DocumentType, { description: 'The document that it stands in.' })
  document(@Root() { documentId }: Mention, @Ctx() { loaders }: ApiContext): Promise<Document> {
    return required(loaders.document, documentId);
  }
}
