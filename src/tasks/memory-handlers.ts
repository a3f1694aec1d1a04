import { splitSentences } from '../extraction/sentences.js';
import { mentionFinder } from '../extraction/text-tools.js';
import type { AnyTaskHandler } from '../jobs/tasks.js';
import { exchangeFolder } from './exchange-folder.js';
import type { TaskParts } from './parts.js';
import { memoryAuditTask } from './memory-audit.js';
import { memoryBuildTask } from './memory-build.js';
import { memoryDeriveTask } from './memory-derive.js';
import { memoryExportTask, memoryImportTask } from './memory-exchange.js';
import { memoryIndexTask } from './memory-index.js';
import type { MemoryTools } from './memory-tools.js';
import { storedFacts } from './stored-facts.js';

/** The long work on memories that a server does for its clients. */
export function memoryTaskHandlers({ config, extraction, store }: TaskParts): AnyTaskHandler[] {
  const tools: MemoryTools = {
    memoriesDir: config.memoriesDir,
    schema: extraction.schema,
    encoder: extraction.encoder,
    splitSentences,
    findMentions: mentionFinder(extraction.detector),
    ...exchangeFolder(config.exchangeDir),
    storedFacts: storedFacts(store),
  };
  return [
    memoryBuildTask(tools),
    memoryAuditTask(tools),
    memoryDeriveTask(tools),
    memoryIndexTask(tools),
    memoryImportTask(tools),
    memoryExportTask(tools),
  ];
}
