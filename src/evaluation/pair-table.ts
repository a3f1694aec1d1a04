import { NeighborKbError } from '../domain/errors.js';
import { decodeFloat16, decodeFloat32 } from '../domain/float16.js';
import type { MentionType } from '../domain/mention-types.js';
import type { ExtractedDocument, Mention, Prediction } from '../domain/model.js';
import { NIL, type PredicateSchema } from '../domain/predicates.js';
import { gateType } from '../domain/pronouns.js';
import type { ExtractionOutcome } from '../extraction/ports.js';

/**
 * Pairs of many documents as the encoder left them, in typed arrays: what every rescoring starts from, so that
 * one pass of the encoder serves any number of settings.
 */
export interface PairTable {
  /** The encoder's labels, NIL at index 0. */
  readonly labels: readonly string[];
  readonly count: number;
  /** Index of the document of each pair, ascending. */
  readonly document: Int32Array;
  /** count x 4: start and end of the subject, start and end of the object, UTF-16 units. */
  readonly spans: Int32Array;
  /** count x representationSize, row-major, rounded to float16 as the run time does. */
  readonly representations: Float32Array;
  readonly representationSize: number;
  /** count x labels: p_RE. */
  readonly pRe: Float32Array;
  /** Which entry of `gates` holds for each pair. */
  readonly gate: Uint16Array;
  /** Label indices that the schema permits for a pair of gate types, ascending, without NIL. */
  readonly gates: readonly Uint16Array[];
}

/** Gathers documents chunk by chunk, so that predictions and their neighbours need not be kept. */
export class PairTableBuilder {
  private readonly rows: { document: number; spans: readonly number[]; gate: number }[] = [];
  private readonly representations: Float32Array[] = [];
  private readonly classifiers: Float32Array[] = [];
  private readonly gateIndex = new Map<string, number>();
  private readonly gates: Uint16Array[] = [];

  constructor(
    private readonly labels: readonly string[],
    private readonly schema: PredicateSchema,
  ) {}

  /** @param document index of the document, not smaller than that of the call before */
  add(document: number, { mentions, predictions }: ExtractedDocument): void {
    const gateTypeOf = ({ type, text }: Mention): MentionType => gateType(type, text);
    const mentionById = new Map(mentions.map((mention) => [mention.id, mention]));
    let last: Prediction | undefined;
    for (const prediction of predictions) {
      // What holds beside a pair's best label stands right behind it: the pair is one row.
      const isCompanion =
        last?.subjectMentionId === prediction.subjectMentionId &&
        last.objectMentionId === prediction.objectMentionId;
      last = prediction;
      if (isCompanion) continue;
      const subject = mentionById.get(prediction.subjectMentionId);
      const object = mentionById.get(prediction.objectMentionId);
      if (!subject || !object)
        throw new NeighborKbError('INTERNAL', `prediction ${prediction.id} lacks one of its mentions`);
      this.rows.push({
        document,
        spans: [subject.start, subject.end, object.start, object.end],
        gate: this.gateOf(gateTypeOf(subject), gateTypeOf(object)),
      });
      this.representations.push(decodeFloat16(prediction.representation));
      this.classifiers.push(decodeFloat32(prediction.classifier));
    }
  }

  build(): PairTable {
    return {
      labels: this.labels,
      count: this.rows.length,
      document: Int32Array.from(this.rows, (row) => row.document),
      spans: Int32Array.from(this.rows.flatMap((row) => row.spans)),
      gate: Uint16Array.from(this.rows, (row) => row.gate),
      gates: this.gates,
      representations: concatenate(this.representations),
      representationSize: this.representations[0]?.length ?? 0,
      pRe: concatenate(this.classifiers),
    };
  }

  private gateOf(subject: MentionType, object: MentionType): number {
    const key = `${subject}>${object}`;
    const known = this.gateIndex.get(key);
    if (known !== undefined) return known;
    const permitted = this.schema.permitted(subject, object);
    const indices = this.labels.flatMap((label, index) => (permitted.has(label) ? [index] : []));
    this.gates.push(Uint16Array.from(indices));
    this.gateIndex.set(key, this.gates.length - 1);
    return this.gates.length - 1;
  }
}

/** The extracted document of an outcome; gold data that is refused is a fault of the file. */
export function extractedOf(outcome: ExtractionOutcome): ExtractedDocument {
  if (!outcome.ok) throw outcome.error.under('documents', outcome.externalId);
  return outcome.extracted;
}

/** Predictions that name a relation, with their mentions. */
export function relationsOf(
  extracted: ExtractedDocument,
): { readonly prediction: Prediction; readonly subject: Mention; readonly object: Mention }[] {
  const mentionById = new Map(extracted.mentions.map((mention) => [mention.id, mention]));
  return extracted.predictions.flatMap((prediction) => {
    const subject = mentionById.get(prediction.subjectMentionId);
    const object = mentionById.get(prediction.objectMentionId);
    return prediction.label === NIL || !subject || !object ? [] : [{ prediction, subject, object }];
  });
}

/** Rows of equal length, one after the other. */
function concatenate(rows: readonly Float32Array[]): Float32Array {
  const size = rows[0]?.length ?? 0;
  const whole = new Float32Array(rows.length * size);
  rows.forEach((row, index) => {
    if (row.length !== size)
      throw new NeighborKbError('INTERNAL', `row ${index} holds ${row.length} values, not ${size}`);
    whole.set(row, index * size);
  });
  return whole;
}
