import {
  documentId,
  entityId,
  mentionId,
  predictionId,
  sentenceId,
  type EntityId,
} from '../../src/domain/identity.js';
import type { MentionType } from '../../src/domain/mention-types.js';
import type { ExtractedDocument, Mention, Prediction } from '../../src/domain/model.js';

/**
 * A document of one sentence with mentions where their surfaces stand first: P551 between the first two, NIL
 * between the last and the second.
 */
export function mentionedDocument(
  text: string,
  parts: readonly { readonly surface: string; readonly type: MentionType; readonly entity: string | null }[],
): ExtractedDocument {
  const id = documentId('d');
  const sentence = { id: sentenceId(id, 'r', 0), documentId: id, index: 0, start: 0, end: text.length };
  const idOf = (name: string | null): EntityId | null => (name === null ? null : entityId('PER', name));
  const mentions = parts.map(({ surface, type, entity }): Mention => {
    const start = text.indexOf(surface);
    const span = { start, end: start + surface.length };
    return {
      ...span,
      id: mentionId(id, 'r', span),
      documentId: id,
      sentenceId: sentence.id,
      text: surface,
      type,
      score: 1,
      origin: 'detector',
      entityId: idOf(entity),
    };
  });
  const [first, second] = mentions as [Mention, Mention];
  const last = mentions.at(-1) as Mention;
  const prediction = (subject: Mention, object: Mention, label: string): Prediction => ({
    id: predictionId(subject.id, object.id),
    documentId: id,
    sentenceId: sentence.id,
    subjectMentionId: subject.id,
    objectMentionId: object.id,
    label,
    p: 0.4,
    pRe: 0.5,
    pKnn: 0.25,
    confidence: label === 'NIL' ? null : 0.75,
    profile: 'general@1',
    model: 'relation-encoder@1.0.0',
    neighbours: [
      {
        memory: 'general',
        memoryVersion: '1',
        entry: 'mem_1',
        rank: 1,
        squaredDistance: 0.5,
        weight: 1,
        label,
        text: 'x',
        subject: { start: 0, end: 1 },
        object: { start: 0, end: 1 },
      },
    ],
    representation: new Uint8Array(),
    classifier: new Uint8Array(),
  });
  return {
    document: { id, externalId: 'd', revision: 'r', text, title: null, source: null, metadata: null },
    sentences: [sentence],
    mentions,
    entities: [...new Set(parts.map(({ entity }) => entity))].flatMap((name) => {
      const own = idOf(name);
      return name === null || own === null ? [] : [{ id: own, type: 'PER' as const, name, date: null }];
    }),
    predictions: [prediction(first, second, 'P551'), prediction(last, second, 'NIL')],
  };
}
