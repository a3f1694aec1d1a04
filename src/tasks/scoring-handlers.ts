import { PairCache } from '../evaluation/pair-cache.js';
import type { AnyTaskHandler } from '../jobs/tasks.js';
import { profileStore, type Extraction, untunedProfile } from '../resources.js';
import type { Config } from '../config.js';
import { evaluateTask } from './evaluate.js';
import { exchangeFolder } from './exchange-folder.js';
import type { TaskParts } from './parts.js';
import type { MemoryTools } from './memory-tools.js';
import type { ScoringTools } from './scoring-tools.js';
import { tuneTask } from './tune.js';

/** Tuning and evaluating as a server does them for its clients. */
export function scoringTaskHandlers({ config, extraction }: TaskParts): AnyTaskHandler[] {
  const tools = scoringTools(config, extraction, exchangeFolder(config.exchangeDir));
  return [tuneTask(tools), evaluateTask(tools)];
}

/**
 * @param files where inputs lie and outputs go
 * @param cache folder for encodings; absent: they are made anew every time
 */
export function scoringTools(
  config: Config,
  { extractor, schema, encoder, detector, memories }: Extraction,
  files: Pick<MemoryTools, 'inputPath' | 'outputPath'>,
  cache?: string,
): ScoringTools {
  return {
    ...files,
    bench: {
      extractor,
      schema,
      labels: encoder.labels,
      identity: [detector.modelHash, encoder.modelHash],
      pronouns: detector.pronouns,
      profile: untunedProfile('untuned', encoder.model),
      ...(cache === undefined ? {} : { cache: new PairCache(cache) }),
    },
    profiles: profileStore(config),
    memory: (name) => memories.openExact(name),
    model: encoder.model,
  };
}
