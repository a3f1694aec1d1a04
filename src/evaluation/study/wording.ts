import { type FactScore, scoreFacts } from '../fact-score.js';
import { spreadOf } from '../significance.js';
import { isExplicit, type UsualWords, usualWords } from '../wording.js';
import { noneTrained, type StudyContext, withEncoders } from './context.js';
import { bestOf, tuneMemory } from './memory-rows.js';
import { intervalOf, points, type NamedTable, type StudyTable } from './table.js';
import { sciercTrial } from './scierc-trial.js';
import type { Trial, TrialPart } from './trial.js';
import { wiki80Trial } from './wiki80-trial.js';
import type { EncodedSet, Workbench } from './workbench.js';

/** Encoders whose test facts are told apart by their wording. */
interface WordingCase {
  readonly what: string;
  readonly folder: string;
  readonly name: RegExp;
  readonly representation: 'raw' | 'unit';
  readonly open: (
    context: StudyContext,
    bench: Workbench,
  ) => Promise<{ readonly trial: Trial; readonly train: EncodedSet }>;
}

const CASES: readonly WordingCase[] = [
  {
    ...{ what: 'SciERC', folder: 'scierc', name: /^seed\d+$/, representation: 'raw' },
    open: sciercTrial,
  },
  {
    ...{ what: 'SciERC, keys of the layer before the last', folder: 'scierc' },
    ...{ name: /^seed\d+-second-last$/, representation: 'raw', open: sciercTrial },
  },
  {
    ...{ what: 'Wiki80, encoder of 347 examples, memory of 3,486', folder: 'wiki80-1pct' },
    ...{ name: /^seed\d+$/, representation: 'unit', open: wiki80Trial },
  },
  {
    ...{ what: 'Wiki80, encoder and memory of 3,486 examples', folder: 'wiki80-10pct' },
    ...{ name: /^seed\d+$/, representation: 'unit', open: wiki80Trial },
  },
];

const WORDINGS = ['usual words', 'no usual word'] as const;

/** Usual words of a relation that the table shows. */
const SHOWN_WORDS = 8;

/** What the memory brings where the words say the relation, and where they do not. */
export async function wordingStudy(context: StudyContext): Promise<StudyTable> {
  const rows: NamedTable['rows'][number][] = [];
  const encoders: StudyTable['encoders'][number][] = [];
  const words: NamedTable[] = [];
  for (const one of CASES) {
    const outcomes = await withEncoders(context, one.folder, one.name, (bench) =>
      encoderOutcome(context, bench, one),
    ).catch(noneTrained);
    const [first] = outcomes;
    if (!first) continue;
    rows.push(...rowsOf(one.what, outcomes));
    encoders.push(...outcomes.map(({ model }) => model));
    if (one.representation === 'raw' && words.length === 0) words.push(wordTable(first.usual));
  }
  return {
    name: 'wording',
    title: 'Implicit wording',
    command: 'npm run reproduce -- wording',
    encoders,
    notes: [
      'Test facts, and what was predicted, told apart by whether a word that is usual for the relation stands between the two mentions or up to four words around them. Usual words are counted in the train set: near examples of the relation in three texts or more, 1.5 times as often as near others, the twenty that tell most (log-likelihood ratio). One memory of the train set, settings tuned on all of dev.json; mean over the seeds.',
    ],
    tables: [
      {
        title: 'F1 on test by wording',
        head: [
          ...['data', 'wording', 'facts', 'seeds', 'classifier', 'kNN alone', 'kNN-RE', 'gain'],
          '95 % interval of the mean gain',
        ],
        rows,
      },
      ...words,
    ],
    plots: [],
  };
}

interface Outcome {
  /** By wording. */
  readonly scores: readonly {
    readonly classifier: FactScore;
    readonly neighbours: FactScore;
    readonly both: FactScore;
  }[];
  readonly usual: UsualWords;
  readonly model: Workbench['model'];
}

async function encoderOutcome(context: StudyContext, bench: Workbench, one: WordingCase): Promise<Outcome> {
  const { trial, train } = await one.open(context, bench);
  const { representation } = one;
  const { searched, grid } = await tuneMemory(trial, train, { name: 'train', representation });
  const usual = usualWords(train.texts, train.pairs, train.rows);
  const score = (parts: readonly TrialPart[], explicit: boolean): FactScore =>
    scoreByWording(trial, parts, usual, explicit);
  return {
    scores: [true, false].map((explicit) => ({
      classifier: score([], explicit),
      neighbours: score([trial.part(searched, grid.neighboursOnly.settings)], explicit),
      both: score([trial.part(searched, bestOf(grid))], explicit),
    })),
    usual,
    model: bench.model,
  };
}

/** The test set as if it held facts of one wording alone, of what is to be found and of what was predicted. */
function scoreByWording(
  trial: Trial,
  parts: readonly TrialPart[],
  usual: UsualWords,
  explicit: boolean,
): FactScore {
  const { test } = trial;
  const passages = test.passages.map((passage) => ({
    ...passage,
    facts: passage.facts.filter((fact) => isExplicit(passage.text, fact, usual) === explicit),
  }));
  const predicted = trial
    .facts(parts, 'test')
    .map((own, index) =>
      own.filter((fact) => isExplicit(test.passages[index]?.text ?? '', fact, usual) === explicit),
    );
  return scoreFacts(passages, predicted, test.gold.match);
}

function rowsOf(what: string, outcomes: readonly Outcome[]): NamedTable['rows'][number][] {
  return WORDINGS.map((wording, at) => {
    const own = outcomes.flatMap(({ scores }) => scores[at] ?? []);
    const mean = (score: (scores: (typeof own)[number]) => FactScore): number =>
      points(spreadOf(own.map((scores) => score(scores).micro.f1)).mean);
    const gain = spreadOf(own.map(({ classifier, both }) => both.micro.f1 - classifier.micro.f1));
    const gold = own[0]?.classifier.micro;
    return [
      ...[what, wording, gold ? gold.found + gold.missed : 0, own.length],
      ...[
        mean((scores) => scores.classifier),
        mean((scores) => scores.neighbours),
        mean((scores) => scores.both),
      ],
      ...[points(gain.mean), intervalOf(gain)],
    ];
  });
}

function wordTable(usual: UsualWords): NamedTable {
  return {
    title: 'usual words of SciERC, those that tell most',
    head: ['relation', 'words'],
    rows: [...usual]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([label, words]) => [label, words.slice(0, SHOWN_WORDS).join(', ')]),
  };
}
