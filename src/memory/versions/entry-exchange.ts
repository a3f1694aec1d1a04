import { createReadStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { NeighborKbError } from '../../domain/errors.js';
import { readJsonLines } from '../../domain/json-lines.js';
import { NIL, type PredicateSchema } from '../../domain/predicates.js';
import type { RelationEncoder } from '../../inference/ports.js';
import type { BuildProgress } from '../building/example-build.js';
import { buildVersion, type VersionTarget } from '../building/build-version.js';
import type { SentenceExamples } from '../building/entry-builder.js';
import { describeInput } from '../building/inputs.js';
import { readEntryFile } from '../entry-lines.js';
import { ENTRIES_FILE } from '../manifest.js';
import { verifyPackage } from '../package.js';
import type { MemoryEntry, MemoryManifest } from '../ports.js';
import { locateMemory } from '../shelf.js';

/*
 * Entries as JSON lines, one an example: what a memory holds without its keys, for other tools and other encoders.
 *
 *   {"text": "Ada moved to Paris.", "subject": {"start": 0, "end": 3, "type": "PER"},
 *    "object": {"start": 13, "end": 18, "type": "LOC"}, "label": "P551", "origin": "people.jsonl:12"}
 *
 * Offsets count UTF-16 units, `origin` may be absent, `id` is written and not read.
 */

const span = z.object({
  start: z.number().int().min(0),
  end: z.number().int().min(1),
  type: z.string().min(1),
});
const lineShape = z
  .object({
    text: z.string().min(1),
    subject: span,
    object: span,
    label: z.string().min(1),
    origin: z.string().min(1).optional(),
  })
  .superRefine(({ text, subject, object }, context) => {
    for (const [role, { start, end }] of Object.entries({ subject, object }))
      if (start >= end || end > text.length)
        context.addIssue({ code: 'custom', path: [role], message: 'is empty or ends behind the text' });
    if (subject.start === object.start && subject.end === object.end)
      context.addIssue({ code: 'custom', path: ['object'], message: 'is the subject' });
  });

/**
 * Writes a memory's entries, whole or not at all.
 * @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT
 * @returns number of entries
 */
export async function exportEntries(
  memoriesDir: string,
  reference: string,
  file: string,
  { onProgress, signal }: Pick<EntryImport, 'onProgress' | 'signal'> = {},
): Promise<number> {
  const directory = await locateMemory(memoriesDir, reference);
  const { entries: total } = await verifyPackage(directory);
  let done = 0;
  const lines = async function* () {
    for await (const { id, text, subject, object, label, origin } of readEntryFile(
      join(directory, ENTRIES_FILE),
    )) {
      signal?.throwIfAborted();
      yield `${JSON.stringify({ id, text, subject, object, label, origin })}\n`;
      if (++done % 1000 === 0 || done === total) onProgress?.({ done, total, step: 'writing entries' });
    }
  };
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    await pipeline(Readable.from(lines()), createWriteStream(unfinished));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return done;
}

export interface EntryImport extends VersionTarget {
  readonly encoder: RelationEncoder;
  readonly schema: PredicateSchema;
  readonly file: string;
  readonly labels: 'known' | 'any';
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Builds a version of a memory from exported entries, with keys of this encoder. Every line is checked before the first
 * is encoded.
 * @throws NeighborKbError INVALID_FILE naming file, line and field, CONFLICT
 */
export async function importEntries(input: EntryImport): Promise<MemoryManifest> {
  const { encoder, file, labels, signal, onProgress } = input;
  const path = await describeInput(file);
  let total = 0;
  for await (const entry of linesOf(input)) if (entry) total++;
  let done = 0;
  const examples = async function* (): AsyncGenerator<SentenceExamples> {
    for await (const entry of linesOf(input)) {
      done++;
      yield exampleOf(entry);
    }
  };
  return buildVersion({
    ...input,
    encoder,
    signal,
    examples: examples(),
    built: { by: 'import', inputs: [path], settings: { normalised: input.normalised, labels } },
    ...(labels === 'any' ? { labels } : {}),
    onProgress: () => {
      onProgress?.({ done, total, step: 'encoding entries' });
    },
  });
}

function exampleOf({ text, subject, object, label, origin }: Omit<MemoryEntry, 'id'>): SentenceExamples {
  return {
    sentence: { text, mentions: [subject, object], origin },
    examples: [{ subject: 0, object: 1, label }],
  };
}

async function* linesOf({
  file,
  encoder,
  schema,
  labels,
}: EntryImport): AsyncGenerator<Omit<MemoryEntry, 'id'>> {
  const types = new Set(encoder.mentionTypes);
  const known = new Set([NIL, ...encoder.labels, ...schema.predicates.map(({ id }) => id)]);
  for await (const read of readJsonLines(createReadStream(file) as AsyncIterable<Uint8Array>)) {
    const fail = (message: string, field: readonly (string | number)[]): never => {
      throw new NeighborKbError(
        'INVALID_FILE',
        `${file}:${read.line}: ${field.join('.') || 'line'}: ${message}`,
        [file, read.line, ...field],
      );
    };
    if (!read.ok) return fail(read.error.message, []);
    const parsed = lineShape.safeParse(read.value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return fail(
        issue?.message ?? 'malformed',
        (issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part)),
      );
    }
    const { data } = parsed;
    for (const role of ['subject', 'object'] as const)
      if (!types.has(data[role].type))
        fail(`${data[role].type} is no mention type of ${encoder.model}`, [role, 'type']);
    if (labels === 'known' && !known.has(data.label))
      fail(`${data.label} is known neither to ${encoder.model} nor to the schema`, ['label']);
    yield { ...data, origin: data.origin ?? `import:${read.line}` };
  }
}
