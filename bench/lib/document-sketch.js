import { documentId, entityId, mentionId, predictionId, sentenceId } from '../../dist/domain/identity.js';

/**
 * A document that nobody wrote, put together sentence by sentence in the form in which extraction hands documents to
 * a store. Names follow one another in the text, so spans and ids are as real ones.
 */
export class DocumentSketch {
  #document;
  #text = '';
  #sentence;
  #sentences = [];
  #mentions = [];
  #entities = new Map();
  #predictions = [];

  constructor(externalId) {
    const id = documentId(externalId);
    this.#document = { id, externalId, revision: externalId, title: null, source: null, metadata: null };
  }

  /** @param write adds words, mentions and pairs, the last character being white space */
  sentence(write) {
    const { id, revision } = this.#document;
    const index = this.#sentences.length;
    const start = this.#text.length;
    this.#sentence = { documentId: id, sentenceId: sentenceId(id, revision, index) };
    write();
    const end = this.#text.length - 1;
    this.#sentences.push({ id: this.#sentence.sentenceId, documentId: id, index, start, end });
  }

  words(text) {
    this.#text += text;
  }

  /** Writes a name. @returns the id of its mention */
  mention({ type, name }) {
    const { id, revision } = this.#document;
    const span = { start: this.#text.length, end: this.#text.length + name.length };
    const entity = { id: entityId(type, name), type, name, date: null };
    this.#text += name;
    this.#entities.set(entity.id, entity);
    const mention = { ...span, ...this.#sentence, id: mentionId(id, revision, span) };
    this.#mentions.push({
      ...{ ...mention, text: name, type },
      ...{ score: 0.9, origin: 'detector', entityId: entity.id },
    });
    return mention.id;
  }

  /**
   * Adds the prediction of a pair of this sentence's mentions.
   *
   * @param scored `label` (a predicate, or NIL), `confidence`, `neighbours`, `representation` and `classifier`
   */
  pair(subjectMentionId, objectMentionId, scored) {
    this.#predictions.push({
      ...{ id: predictionId(subjectMentionId, objectMentionId), ...this.#sentence },
      ...{ subjectMentionId, objectMentionId, p: 0.8, pRe: 0.7, pKnn: 0.9 },
      ...{ profile: 'general@1', model: 'bench@1', ...scored },
    });
  }

  extracted() {
    return {
      document: { ...this.#document, text: this.#text },
      sentences: this.#sentences,
      mentions: this.#mentions,
      entities: [...this.#entities.values()],
      predictions: this.#predictions,
    };
  }
}
