import { Args, Ctx, FieldResolver, Resolver, Root } from '../decorators.js';
import type { Document, Mention, Sentence } from '../../domain/model.js';
import { spanText } from '../../domain/offsets.js';
import type { ApiContext } from '../context.js';
import { costOfList, LIMITS } from '../limits.js';
import { required } from '../loaders.js';
import { viewSpan, type SpanView } from '../spans.js';
import { DocumentType, MentionObjectType, SentenceType } from '../types/document.js';
import { SpanType, UnitArguments } from '../types/span.js';

@Resolver(() => SentenceType)
export class SentenceResolver {
  @FieldResolver(() => String, { description: 'Its text.' })
  async text(@Root() sentence: Sentence, @Ctx() { loaders }: ApiContext): Promise<string> {
    return spanText((await required(loaders.document, sentence.documentId)).text, sentence);
  }

  @FieldResolver(() => SpanType, { description: "Where it stands in the document's text." })
  async span(
    @Root() sentence: Sentence,
    @Args(() => UnitArguments) { unit }: UnitArguments,
    @Ctx() { loaders, offsetsOf }: ApiContext,
  ): Promise<SpanView> {
    const document = await required(loaders.document, sentence.documentId);
    return viewSpan(document.text, sentence, unit, () => offsetsOf(document));
  }

  @FieldResolver(() => DocumentType, { description: 'The document that it belongs to.' })
  document(@Root() { documentId }: Sentence, @Ctx() { loaders }: ApiContext): Promise<Document> {
    return required(loaders.document, documentId);
  }

  @FieldResolver(() => [MentionObjectType], {
    description: 'Its mentions, in order.',
    complexity: costOfList(LIMITS.defaultInnerPageSize),
  })
  async mentions(@Root() { id, documentId }: Sentence, @Ctx() { loaders }: ApiContext): Promise<Mention[]> {
    const mentions = await loaders.mentionsOfDocument.load(documentId);
    return mentions.filter(({ sentenceId }) => sentenceId === id);
  }
}
