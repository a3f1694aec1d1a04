import { open, readdir, stat } from 'node:fs/promises';
import { NeighborKbError } from '../domain/errors.js';
import { DATASET_FORMATS, type DatasetFormat } from './ports.js';

/** Bytes at a file's beginning that tell its format. */
const HEAD_BYTES = 64 * 1024;

/** Tests of a file's beginning, the first that fits tells. Keys count where they are no quoted text. */
const LOOKS: readonly { readonly format: DatasetFormat; readonly pattern: RegExp }[] = [
  { format: 'docred', pattern: /^\[.*(?<!\\)"(?:vertexSet|sents)"\s*:/s },
  { format: 'tacred', pattern: /^\[.*(?<!\\)"(?:subj_start|obj_start)"\s*:/s },
  { format: 'pure', pattern: /^\{.*(?<!\\)"sentences"\s*:\s*\[/s },
  { format: 'opennre', pattern: /^\{.*(?<!\\)"[ht]"\s*:\s*\{/s },
  { format: 'knowledgenet', pattern: /^\{.*(?<!\\)"(?:passages|properties)"\s*:\s*\[/s },
  { format: 'conll04', pattern: /^(?:#doc\b|\d+\t\S+\t(?:O|[BI]-\w+)\t\[)/ },
  { format: 'kbp37', pattern: /^\d+\t.*\r?\n(?:per|org|no_relation)\b/ },
  { format: 'semeval', pattern: /^\d+\t.*<e1>/ },
];

/**
 * The format that a file or folder looks like.
 * @throws NeighborKbError INVALID_ARGUMENT where none is recognised
 */
export async function detectFormat(path: string): Promise<DatasetFormat> {
  const found = (await stat(path)).isDirectory() ? await ofFolder(path) : await ofFile(path);
  if (found !== undefined) return found;
  throw new NeighborKbError(
    'INVALID_ARGUMENT',
    `${path}: cannot tell the format, name one of ${DATASET_FORMATS.join(', ')}`,
    ['format'],
  );
}

async function ofFolder(path: string): Promise<DatasetFormat | undefined> {
  const names = await readdir(path, { recursive: true });
  if (names.some((name) => name.endsWith('.con'))) return 'i2b2';
  return names.some((name) => name.endsWith('.ann')) ? 'brat' : undefined;
}

async function ofFile(path: string): Promise<DatasetFormat | undefined> {
  if (path.endsWith('.ann')) return 'brat';
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = new TextDecoder().decode(buffer.subarray(0, bytesRead)).trimStart();
    return LOOKS.find(({ pattern }) => pattern.test(head))?.format;
  } finally {
    await file.close();
  }
}
