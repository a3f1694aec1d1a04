import { basename } from 'node:path';
import { OffsetMap, type Span } from '../domain/offsets.js';
import { documentFiles, isFolder } from './document-files.js';
import type { AnnotatedMention, AnnotatedRelation, LabelledText } from './ports.js';
import { invalidAt, type Place, type ReaderOptions, textLinesOf, wholeText } from './reading.js';

/*
 * brat stand-off (https://brat.nlplab.org/standoff.html): a `.ann` file beside each `.txt`, offsets in code points.
 * Read are text-bound annotations (T; one in several pieces counts from its first to its last character), events (E)
 * as the mention of their trigger, relations (R; the first argument is the subject), equivalences (* Equiv) and
 * normalisations (N) as the mention's entity. Attributes, notes and what events take as arguments are left out.
 */

/** @throws NeighborKbError INVALID_FILE naming file, line and annotation */
export async function* readBrat(path: string, options: ReaderOptions): AsyncGenerator<LabelledText> {
  for (const { name, text, annotations } of await documents(path))
    yield await labelledText(name, text, annotations, options);
}

interface DocumentPaths {
  readonly name: string;
  readonly text: string;
  readonly annotations: string;
}

async function documents(path: string): Promise<DocumentPaths[]> {
  if (!(await isFolder(path))) {
    const stem = path.replace(/\.(?:ann|txt)$/, '');
    if (stem === path)
      throw invalidAt({ file: path }, [], 'expected a folder, or a file that ends with .ann or .txt');
    return [{ name: basename(stem), text: `${stem}.txt`, annotations: `${stem}.ann` }];
  }
  const found: DocumentPaths[] = [];
  for (const { name, paths } of await documentFiles(path, ['.txt', '.ann'], true)) {
    const { '.txt': text, '.ann': annotations } = paths;
    // Other texts may lie beside the annotated ones: a licence, a list of files.
    if (annotations === undefined) continue;
    if (text === undefined) throw invalidAt({ file: annotations }, [], `there is no ${name}.txt beside it`);
    found.push({ name, text, annotations });
  }
  return found;
}

async function labelledText(
  id: string,
  textPath: string,
  annotationsPath: string,
  options: ReaderOptions,
): Promise<LabelledText> {
  const text = await wholeText(textPath, options);
  const annotations = new Annotations(text);
  for await (const { text: line, place } of textLinesOf(annotationsPath, options))
    if (line.trim() !== '') annotations.add(line, place);
  return { id, origin: textPath, text, ...annotations.resolved(), judged: 'all-in-sentence' };
}

interface Link {
  readonly place: Place;
  readonly subject: string;
  readonly object: string;
  readonly label: string;
}

/** Annotations of one document; what they refer to may come later in the file. */
class Annotations {
  private readonly offsets: OffsetMap;
  private readonly length: number;
  private readonly mentions = new Map<string, Span & { readonly type: string }>();
  private readonly triggers = new Map<string, string>();
  private readonly entities = new Map<string, string>();
  private readonly equivalent: { readonly place: Place; readonly ids: readonly string[] }[] = [];
  private readonly links: Link[] = [];

  constructor(text: string) {
    this.offsets = new OffsetMap(text);
    this.length = this.offsets.toCodePoints(text.length);
  }

  /** @throws NeighborKbError INVALID_FILE */
  add(line: string, place: Place): void {
    const [id = '', body = ''] = line.split('\t');
    const words = body.trim().split(/\s+/);
    if (id.startsWith('T')) this.mentions.set(id, this.mentionOf(id, body, place));
    else if (id.startsWith('E')) this.triggers.set(id, words[0]?.split(':')[1] ?? '');
    else if (id.startsWith('R')) this.links.push(linkOf(id, words, place));
    else if (id === '*' && words[0] === 'Equiv') this.equivalent.push({ place, ids: words.slice(1) });
    else if (id.startsWith('N') && words[1] !== undefined && words[2] !== undefined)
      this.entities.set(words[1], words[2]);
    else if (!/^[AM#*N]/.test(id)) throw invalidAt(place, [], `${line.slice(0, 60)} is no annotation`);
  }

  resolved(): Pick<LabelledText, 'mentions' | 'relations'> {
    const entityOf = this.entityNames();
    const order = [...this.mentions].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
    const positions = new Map(order.map(([id], position) => [id, position]));
    const mentions = order.map(([id, { start, end, type }]): AnnotatedMention => {
      const entity = entityOf.get(id);
      return { start, end, type, ...(entity === undefined ? {} : { entity }) };
    });
    const relations = new Map<string, AnnotatedRelation>();
    for (const { place, subject: from, object: to, label } of this.links) {
      const [subject, object] = [from, to].map((id) => this.position(id, positions, place)) as [
        number,
        number,
      ];
      relations.set(`${subject} ${object} ${label}`, { subject, object, label });
    }
    return { mentions, relations: [...relations.values()] };
  }

  private mentionOf(id: string, body: string, place: Place): Span & { readonly type: string } {
    const found = /^(\S+) (\d+) (?:.*[ ;])?(\d+)$/.exec(body.trim());
    const [type, start, end] = [found?.[1], Number(found?.[2]), Number(found?.[3])];
    if (type === undefined || !(start < end) || end > this.length)
      throw invalidAt(place, [id], `expected TYPE START END within the text's ${this.length} code points`);
    return { type, ...this.offsets.fromUnit({ start, end }, 'code-points') };
  }

  /** Equivalent mentions share the normalisation that one of them has, or a name of their own. */
  private entityNames(): ReadonlyMap<string, string> {
    const names = new Map(this.entities);
    for (const [index, { ids }] of this.equivalent.entries()) {
      const name = ids.map((id) => this.entities.get(id)).find((known) => known !== undefined);
      for (const id of ids) names.set(id, name ?? `equivalent-${index}`);
    }
    return names;
  }

  private position(id: string, positions: ReadonlyMap<string, number>, place: Place): number {
    const position = positions.get(this.triggers.get(id) ?? id);
    if (position === undefined) throw invalidAt(place, [id], 'there is no such text-bound annotation');
    return position;
  }
}

function linkOf(id: string, [label = '', ...roles]: readonly string[], place: Place): Link {
  const [subject, object] = roles.map((role) => role.slice(role.indexOf(':') + 1));
  if (label === '' || subject === undefined || object === undefined || roles.length !== 2)
    throw invalidAt(place, [id], 'expected LABEL ROLE:ID ROLE:ID');
  return { place, subject, object, label };
}
