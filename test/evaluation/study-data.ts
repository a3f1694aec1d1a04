import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MODELS } from '../inference/real-models.js';

/*
 * Small made-up data sets in the places and forms in which studies look for the public ones. Nobody in them is real.
 */

type Type = 'PER' | 'LOC' | 'ORG';
interface Sentence {
  readonly tokens: readonly string[];
  /** [first token, end) of subject and object. */
  readonly mentions: readonly (readonly [number, number, Type])[];
  /** Of the first mention to the second; absent: none. */
  readonly label?: string;
}

const GIVEN = [
  'Alma',
  'Bruno',
  'Celia',
  'Dorian',
  'Edda',
  'Farid',
  'Greta',
  'Hanno',
  'Ines',
  'Jonas',
] as const;
const FAMILY = ['Arkwell', 'Brodin', 'Calder', 'Dunmore', 'Eskola', 'Ferrant', 'Gorski'] as const;
const PLACES = ['Lisbon', 'Bergen', 'Krakow', 'Turin', 'Leeds', 'Ghent', 'Porto', 'Malmo'] as const;
const SCHOOLS = ['Leeds University', 'Turin Academy', 'Ghent College'] as const;
const KINDS: readonly { readonly words: string; readonly type: Type; readonly label?: string }[] = [
  { words: 'was born in', type: 'LOC', label: 'P19' },
  { words: 'died in', type: 'LOC', label: 'P20' },
  { words: 'studied at', type: 'ORG', label: 'P69' },
  { words: 'married', type: 'PER', label: 'P26' },
  { words: 'wrote a long letter about', type: 'LOC' },
];

/** Sentences of every kind in turn. @param from other numbers are other people */
function sentences(from: number, count: number): Sentence[] {
  const person = (number: number): string => {
    return `${GIVEN[number % GIVEN.length]!} ${FAMILY[number % FAMILY.length]!}`;
  };
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const { words, type, label } = KINDS[number % KINDS.length]!;
    const names = { PER: person(number + 3), LOC: PLACES[number % 8]!, ORG: SCHOOLS[number % 3]! };
    const parts = [person(number), words, names[type], '.'].map((part) => part.split(' '));
    const start = parts[0]!.length + parts[1]!.length;
    const mentions = [
      [0, parts[0]!.length, 'PER'],
      [start, start + parts[2]!.length, type],
    ] as const;
    return { tokens: parts.flat(), mentions, ...(label !== undefined && { label }) };
  });
}

function pure(all: readonly Sentence[]): string {
  return lines(
    all.map(({ tokens, mentions, label }, index) => {
      const spans = mentions.map(([start, end, type]) => [start, end - 1, type] as const);
      const [subject, object] = spans.map(([first, last]) => [first, last]) as [number[], number[]];
      return {
        doc_key: `document ${index}`,
        sentences: [tokens],
        ner: [spans],
        relations: [label === undefined ? [] : [[...subject, ...object, label]]],
      };
    }),
  );
}

function openNre(all: readonly Sentence[]): string {
  return lines(
    all.map(({ tokens, mentions, label = 'NA' }) => {
      const [h, t] = mentions.map(([start, end]) => {
        return { pos: [start, end], id: tokens.slice(start, end).join(' ') };
      });
      return { token: tokens, h, t, relation: label };
    }),
  );
}

function docred(all: readonly Sentence[]): string {
  return JSON.stringify(
    all.map(({ tokens, mentions, label }, index) => ({
      title: `document ${index}`,
      sents: [tokens],
      vertexSet: mentions.map(([start, end, type]) => [{ pos: [start, end], sent_id: 0, type }]),
      labels: label === undefined ? [] : [{ r: label, h: 0, t: 1 }],
    })),
  );
}

const PROPERTIES: Readonly<Record<string, string>> = {
  P19: 'PLACE_OF_BIRTH',
  P26: 'SPOUSE',
  P69: 'EDUCATED_AT',
};

function knowledgeNet(all: readonly Sentence[]): string {
  return lines(
    all.map(({ tokens, mentions, label = '' }, index) => {
      const startOf = (token: number): number =>
        tokens.slice(0, token).join(' ').length + (token > 0 ? 1 : 0);
      const [subject, object] = mentions.map(([start, end]) => [
        startOf(start),
        startOf(start) + tokens.slice(start, end).join(' ').length,
      ]);
      const property = PROPERTIES[label];
      return {
        documentId: String(index >> 1),
        text: tokens.join(' '),
        properties: Object.values(PROPERTIES),
        facts: property === undefined ? [] : [{ subject, object, property }],
      };
    }),
  );
}

function lines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** All data sets that studies read. */
export async function writeStudyData(folder: string): Promise<void> {
  const [train, dev, test] = [sentences(0, 40), sentences(100, 25), sentences(200, 25)];
  const related = (all: readonly Sentence[]): Sentence[] => all.filter(({ label }) => label !== undefined);
  const files: Readonly<Record<string, string>> = {
    'scierc/train.json': pure(train),
    'scierc/dev.json': pure(dev),
    'scierc/test.json': pure(test),
    'wiki80/dev.json': pure(related(dev)),
    'wiki80/test.json': pure(related(test)),
    'wiki80/train_10pct.txt': openNre(related(train)),
    'wiki80/train_1pct.txt': openNre(related(train).slice(0, 6)),
    'redocred/train.json': docred(train),
    'redocred/dev.json': docred(dev),
    'knowledgenet/train.jsonl': knowledgeNet(train),
    'knowledgenet/dev.jsonl': knowledgeNet(dev),
    'kbp37/train.txt':
      '0\t"<e1> Nordlys </e1> was founded by <e2> Edda Brodin </e2> ."\norg:founded_by(e1,e2)\n\n',
    'conll04/train.txt':
      "#doc 1\n0\tEdda\tB-Peop\t['N']\t[0]\n1\tlaughed\tO\t['N']\t[1]\n2\t.\tO\t['N']\t[2]\n",
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** A copy of the shipped encoder that knows one type of mentions, as encoders of untyped data sets do. */
export async function writeUntypedEncoder(folder: string): Promise<void> {
  const shipped = join(MODELS, 'relation-encoder');
  await mkdir(folder, { recursive: true });
  for (const name of ['model.onnx', 'tokenizer.json'])
    await copyFile(join(shipped, name), join(folder, name));
  const card = JSON.parse(await readFile(join(shipped, 'card.json'), 'utf8')) as {
    readonly markers: Readonly<Record<string, number>>;
  };
  const markers = Object.entries(card.markers).flatMap(([name, id]) =>
    name.includes(':MISC:') ? [[name.replace(':MISC:', ':ENTITY:'), id] as const] : [],
  );
  const untyped = { ...card, mentionTypes: ['ENTITY'], markers: Object.fromEntries(markers) };
  await writeFile(join(folder, 'card.json'), JSON.stringify(untyped));
}
