import type { Logger } from 'pino';
import { openStore } from './open-store.js';
import {
  foldersOf,
  openExtraction,
  profileStore,
  type Extraction,
  type ExtractionOptions,
} from './resources.js';
import type { Config } from './config.js';
import { replay } from './extraction/replay.js';
import { IdentityService } from './identity/identity-service.js';
import type { ApiServices, ModelSummary, PredictionReplay } from './graphql/services.js';
import { DocumentIngester } from './jobs/document-ingester.js';
import { Ingestion } from './jobs/ingest.js';
import { makeQueue } from './open-queue.js';
import { memoryLibrary } from './memory/library.js';
import type { GraphStore } from './store/graph-store.js';
import { taskHandlers } from './tasks/index.js';

/** Everything that a server needs, opened together and closed together. */
export interface Application {
  readonly config: Config;
  /** What the API is made of. */
  readonly services: ApiServices;
  readonly extraction: Extraction;
  readonly store: GraphStore;
  readonly ingestion: Ingestion;
  /** Lets the document in hand finish, then closes jobs, store, models and memories. */
  close(): Promise<void>;
}

export interface ApplicationOptions extends ExtractionOptions {
  readonly version: string;
  readonly logger: Logger;
}

/**
 * Opens models, memories, store and jobs, and takes up unfinished jobs.
 * @throws NeighborKbError MODEL_*, MEMORY_*, STORE_UNAVAILABLE, SCHEMA_*, INVALID_ARGUMENT; nothing stays
 * open then
 */
export async function openApplication(config: Config, options: ApplicationOptions): Promise<Application> {
  const startedAt = new Date();
  const opened: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).reverse()) await end();
  };
  const { logger } = options;
  try {
    const onNotice = (notice: string): void => {
      logger.warn(notice);
    };
    const extraction = await openExtraction(config, { ...options, onNotice });
    opened.push(() => extraction.close());
    await extraction.memories.openAll();
    const store = await openStore(config);
    opened.push(() => store.close());
    const ingester = new DocumentIngester({ ...extraction, store, limits: textLimits(config) });
    const tasks = taskHandlers({ config, extraction, store });
    const jobs = await makeQueue(config, { logger, workshop: { ingester, store, tasks } });
    await jobs.start();
    opened.push(() => jobs.stop());
    const ingestion = new Ingestion(ingester, jobs, store);
    const services = servicesOf({ config, options, startedAt, extraction, store, ingestion, jobs });
    return { config, services, extraction, store, ingestion, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function textLimits({ maxTextLength }: Config): { readonly maxTextLength: number } {
  return { maxTextLength };
}

interface OpenedParts extends Pick<ApiServices, 'startedAt' | 'store' | 'ingestion' | 'jobs'> {
  readonly config: Config;
  readonly options: ApplicationOptions;
  readonly extraction: Extraction;
}

function servicesOf({ config, options, extraction, ...parts }: OpenedParts): ApiServices {
  const { extractor, profile, schema, memories, encoder } = extraction;
  const { maxDocumentsPerCall, maxRequestBytes } = config;
  return {
    ...{ version: options.version, logger: options.logger, folders: foldersOf(config), ...parts },
    limits: { ...textLimits(config), maxDocumentsPerCall, maxRequestBytes },
    ...{ extractor, profile, schema, encoder },
    models: modelsOf(extraction),
    identity: new IdentityService(parts.store),
    replay: replayOf(extraction),
    memories: { all: () => memories.all(), byName: (name) => memories.byName(name) },
    library: memoryLibrary(config.memoriesDir),
    profiles: profileStore(config),
  };
}

function modelsOf({ detector, encoder }: Extraction): ModelSummary[] {
  return [
    { card: detector.card, hash: detector.modelHash },
    { card: encoder.card, hash: encoder.modelHash },
  ].map(({ card: { kind, name, version, description }, hash }) => ({
    role: kind,
    name,
    version,
    description,
    hash,
  }));
}

/** Who votes does not depend on what may win: the search needs no type gate. */
const NO_GATE: ReadonlySet<string> = new Set();

function replayOf({ extractor, profile }: Extraction): PredictionReplay {
  return {
    neighbours: async (predictions) => {
      const scored = await replay(
        extractor.scorer,
        predictions.map(({ representation, classifier }) => ({
          representation,
          classifier,
          permitted: NO_GATE,
        })),
        profile,
      );
      return scored.map(({ neighbours }) => [...neighbours]);
    },
  };
}
