import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { basename } from 'node:path';
import { z } from 'zod';
import { NeighborKbError } from '../domain/errors.js';
import type { MemoryEntry } from './ports.js';

/*
 * entries.jsonl has one line a text: its origin, its mentions, and its examples [subject, label, object] as indices
 * of mentions. A text with many examples stands there once; entries come in the order of lines and examples.
 */

const offset = z.number().int().min(0);
const lineShape = z
  .object({
    text: z.string().min(1),
    origin: z.string(),
    mentions: z.array(z.tuple([offset, offset, z.string().min(1)])),
    examples: z.array(z.tuple([offset, z.string().min(1), offset])).min(1),
  })
  .superRefine(({ text, mentions, examples }, context) => {
    for (const [index, [start, end]] of mentions.entries())
      if (start >= end || end > text.length)
        context.addIssue({
          code: 'custom',
          path: ['mentions', index],
          message: 'is empty or ends behind the text',
        });
    for (const [index, [subject, , object]] of examples.entries())
      if (subject >= mentions.length || object >= mentions.length || subject === object)
        context.addIssue({ code: 'custom', path: ['examples', index], message: 'names no two mentions' });
  });

type EntryLine = z.infer<typeof lineShape>;

/** Lines of entries; runs of entries of one text and origin share a line. */
export function toLines(entries: readonly MemoryEntry[]): EntryLine[] {
  const lines: EntryLine[] = [];
  let positions = new Map<string, number>();
  for (const { text, origin, subject, object, label } of entries) {
    let line = lines.at(-1);
    if (line?.text !== text || line.origin !== origin) {
      line = { text, origin, mentions: [], examples: [] };
      lines.push(line);
      positions = new Map();
    }
    const { mentions } = line;
    const indexOf = ({ start, end, type }: MemoryEntry['subject']): number => {
      const key = `${start}-${end}-${type}`;
      const index = positions.get(key) ?? mentions.push([start, end, type]) - 1;
      positions.set(key, index);
      return index;
    };
    line.examples.push([indexOf(subject), label, indexOf(object)]);
  }
  return lines;
}

/**
 * The entries of an entries.jsonl, in order, line by line: a large memory does not hold the event loop.
 * @throws NeighborKbError MEMORY_CORRUPT naming line and field, also for an example that comes twice
 */
export async function* readEntryFile(path: string): AsyncGenerator<MemoryEntry> {
  const seen = new Set<string>();
  const fail = (line: number, what: string, field: readonly (string | number)[] = []): never => {
    throw new NeighborKbError('MEMORY_CORRUPT', `${path}:${line}: ${what}`, [basename(path), line, ...field]);
  };
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number++;
    const parsed = lineShape.safeParse(parseJson(line));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const field = (issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part));
      return fail(number, issue?.message ?? 'malformed', field);
    }
    for (const entry of fromLine(parsed.data)) {
      if (seen.has(entry.id)) fail(number, 'an example comes twice');
      seen.add(entry.id);
      yield entry;
    }
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function fromLine({ text, origin, mentions, examples }: EntryLine): MemoryEntry[] {
  const mention = (index: number): MemoryEntry['subject'] => {
    // The shape has checked that the mention is there.
    const [start, end, type] = mentions[index] as EntryLine['mentions'][number];
    return { start, end, type };
  };
  return examples.map(([subject, label, object]) => {
    const content = { text, subject: mention(subject), object: mention(object), label };
    return { id: entryId(content), ...content, origin };
  });
}

/** Hash of what an entry says: the same example has the same id in every build. */
export function entryId({ text, subject, object, label }: Omit<MemoryEntry, 'id' | 'origin'>): string {
  const content = [
    text,
    subject.start,
    subject.end,
    subject.type,
    object.start,
    object.end,
    object.type,
    label,
  ];
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('base64url');
  return `mem_${digest.slice(0, 20)}`;
}
