import type { Mention, Prediction, Sentence } from '../../domain/model.js';
import { foldedText } from '../queries/search-text.js';
import { groupBy, inBatches } from './batches.js';
import { bytes, int, type Neo4jTransaction } from './connection.js';
import type { PreparedDocument } from './prepared.js';
import { voterProperties } from './write-voters.js';

/** Rows of one statement; predictions carry some kilobytes each. */
const SENTENCES = 500;
const PREDICTIONS = 500;

/**
 * Writes what belongs to one document alone: sentences, mentions, predictions. Nothing that documents share is
 * touched, so documents do not wait for each other here.
 */
export async function writeContent(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
): Promise<void> {
  await Promise.all([
    inBatches(transaction, WRITE_SENTENCES, documents.flatMap(sentenceRows), SENTENCES),
    inBatches(transaction, writePredictions(':Evidence'), predictionRows(documents, true), PREDICTIONS),
    inBatches(transaction, writePredictions(''), predictionRows(documents, false), PREDICTIONS),
  ]);
}

const WRITE_SENTENCES = `
  UNWIND $rows AS row
  MATCH (d:Document {id: row.documentId})
  CREATE (d)-[:HAS_SENTENCE]->(s:Sentence)
  SET s = row.sentence
  WITH s, row
  UNWIND row.mentions AS mention
  CREATE (s)-[:HAS_MENTION]->(m:Mention)
  SET m = mention`;

function sentenceRows({ extracted }: PreparedDocument) {
  const { document, sentences, mentions } = extracted;
  const mentionsOf = groupBy(mentions, ({ sentenceId }) => sentenceId);
  return sentences.map((sentence) => ({
    documentId: document.id,
    sentence: sentenceProperties(sentence, document.text),
    mentions: (mentionsOf.get(sentence.id) ?? []).map(mentionProperties),
  }));
}

function sentenceProperties({ id, index, start, end }: Sentence, text: string) {
  const own = text.slice(start, end);
  return { id, position: int(index), start: int(start), end: int(end), text: own, words: foldedText(own) };
}

function mentionProperties({ id, start, end, text, type, score, origin, entityId }: Mention) {
  // What extraction resolved it to; REFERS_TO leads to what that stands for.
  return { id, start: int(start), end: int(end), text, type, score, origin, localId: entityId };
}

/** @param label of the predictions that support a triple */
function writePredictions(label: '' | ':Evidence'): string {
  return `
  UNWIND $rows AS row
  MATCH (s:Sentence {id: row.sentenceId})
  MATCH (subject:Mention {id: row.subjectId})
  MATCH (object:Mention {id: row.objectId})
  CREATE (s)-[:HAS_PREDICTION]->(p:Prediction${label})
  SET p = row.properties
  CREATE (p)-[:SUBJECT]->(subject)
  CREATE (p)-[:OBJECT]->(object)`;
}

function predictionRows(documents: readonly PreparedDocument[], evidence: boolean) {
  return documents.flatMap(({ extracted: { predictions }, graph: { tripleOfPrediction, keepsVoters } }) =>
    predictions.flatMap((prediction, place) => {
      if ((tripleOfPrediction[place] !== null) !== evidence) return [];
      return {
        sentenceId: prediction.sentenceId,
        subjectId: prediction.subjectMentionId,
        objectId: prediction.objectMentionId,
        properties: predictionProperties(prediction, keepsVoters[place] === true),
      };
    }),
  );
}

function predictionProperties(prediction: Prediction, keepsVoters: boolean) {
  const { id, label, p, pRe, pKnn, confidence, ...rest } = prediction;
  const { profile, model, representation, classifier, neighbours } = rest;
  return {
    ...{ id, label, p, pRe, pKnn, confidence, profile, model },
    ...(keepsVoters && neighbours.length > 0 ? voterProperties(prediction) : {}),
    representation: bytes(representation),
    classifier: bytes(classifier),
  };
}
