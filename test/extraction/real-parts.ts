import { mkdtemp, mkdir, rm, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PredicateSchema } from '../../src/domain/predicates.js';
import { parseProfile, type ScoringProfile } from '../../src/domain/profile.js';
import { ExtractionPipeline, type ExtractionLimits } from '../../src/extraction/pipeline.js';
import { OnnxMentionDetector } from '../../src/inference/onnx-mention-detector.js';
import { OnnxRelationEncoder } from '../../src/inference/onnx-relation-encoder.js';
import { buildMemory } from '../../src/memory/build.js';
import { PackagedMemory } from '../../src/memory/memory.js';

const LABELLED = [
  {
    text: '[[Lise Meitner|PER]] was born in [[Vienna|LOC]] on [[7 November 1878|TIME]].',
    facts: [
      [0, 'P19', 1],
      [0, 'P569', 2],
    ],
    nil: [],
  },
  {
    text: '[[She|PRON]] taught at the [[University of Berlin|ORG]] and met [[Otto Hahn|PER]].',
    facts: [[0, 'P108', 1]],
    nil: [
      [0, 2],
      [2, 0],
    ],
  },
  { text: '[[Volvo|ORG]] has its head office in [[Gothenburg|LOC]].', facts: [[0, 'P159', 1]], nil: [] },
  { text: '[[Robert Schumann|PER]] married [[Clara Wieck|PER]].', facts: [[0, 'P26', 1]], nil: [] },
];

/** Real models, and a memory of a few sentences that was built with them. */
export class RealParts {
  private constructor(
    private readonly directory: string,
    readonly detector: OnnxMentionDetector,
    readonly encoder: OnnxRelationEncoder,
    readonly memory: PackagedMemory,
    readonly schema: PredicateSchema,
  ) {}

  static async open(): Promise<RealParts> {
    const schema = PredicateSchema.parse(JSON.parse(await readFile('models/predicates.json', 'utf8')));
    const [detector, encoder] = await Promise.all([
      OnnxMentionDetector.open('models/mention-detector', { workers: 1 }),
      OnnxRelationEncoder.open('models/relation-encoder', { workers: 1 }),
    ]);
    const directory = await mkdtemp(join(tmpdir(), 'neighborkb-extraction-'));
    const memoryDirectory = join(directory, 'tiny');
    await mkdir(join(memoryDirectory, 'source'), { recursive: true });
    const recipe = { version: '1', description: 'tiny', license: 'MIT', normalised: true, nil: 'listed' };
    await writeFile(join(memoryDirectory, 'recipe.json'), JSON.stringify(recipe));
    const lines = LABELLED.map((sentence) => JSON.stringify(sentence)).join('\n');
    await writeFile(join(memoryDirectory, 'source', 'tiny.jsonl'), `${lines}\n`);
    await buildMemory({ directory: memoryDirectory, encoder, schema });
    const memory = await PackagedMemory.open(memoryDirectory, encoder);
    return new RealParts(directory, detector, encoder, memory, schema);
  }

  pipeline(limits: Partial<ExtractionLimits> = {}): ExtractionPipeline {
    const { detector, encoder, memory, schema } = this;
    return new ExtractionPipeline({ detector, encoder, schema, memories: () => memory, limits });
  }

  profile(changes: Partial<ScoringProfile> = {}): ScoringProfile {
    return parseProfile({
      name: 'test',
      version: 1,
      model: this.encoder.model,
      memories: [{ memory: 'tiny', alpha: 1, k: 4, lambda: 0.3, temperature: 0.2, kernel: 'rbf' }],
      nilRatio: 1,
      minimumProbability: 0,
      calibration: { slope: 1, intercept: 0 },
      ...changes,
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.detector.close(), this.encoder.close(), this.memory.close()]);
    await rm(this.directory, { recursive: true, force: true });
  }
}
