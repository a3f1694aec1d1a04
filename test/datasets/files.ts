import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { openDataset, type FormatOrAuto } from '../../src/datasets/open.js';
import type { LabelledText } from '../../src/datasets/ports.js';
import type { ReaderOptions } from '../../src/datasets/reading.js';

/** A folder with these files, removed when the test has finished. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'neighborkb-datasets-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

export async function fileWith(content: string | Uint8Array): Promise<string> {
  return join(await folderWith({ data: content }), 'data');
}

export function jsonLines(...values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** All texts of a file or folder. */
export async function textsOf(
  format: FormatOrAuto,
  path: string,
  options: ReaderOptions = {},
): Promise<LabelledText[]> {
  return all(await openDataset(format, path, options));
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const gathered: Item[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}

/** Words of the mentions, and the relations in words: what a reader should have understood. */
export function inWords({ text, mentions, relations }: LabelledText): {
  readonly mentions: readonly string[];
  readonly relations: readonly string[];
} {
  const words = mentions.map(({ start, end }) => text.slice(start, end));
  return {
    mentions: mentions.map(({ type }, index) => `${words[index]}/${type}`),
    relations: relations.map(({ subject, label, object }) => `${words[subject]} ${label} ${words[object]}`),
  };
}

/** The public data sets: a folder of one's own, or the one beside the project; a fresh clone has neither. */
const DATA =
  process.env['NEIGHBORKB_TEST_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** A file of the public data sets, and whether it is there. */
export function publicData(name: string): { readonly path: string; readonly absent: boolean } {
  const path = join(DATA, name);
  const absent = !existsSync(path);
  if (absent)
    console.warn(`${path} is not there: its test is skipped (NEIGHBORKB_TEST_DATA names the folder)`);
  return { path, absent };
}
