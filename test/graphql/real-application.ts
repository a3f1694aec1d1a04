import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { pino } from 'pino';
import { openApplication, type Application } from '../../src/application.js';
import { loadConfig } from '../../src/config.js';
import { startServer } from '../../src/server.js';
import { Workshop } from '../cli/workshop.js';
import { askServer, type ApiAnswer } from './harness.js';

/** What a client sees of a job that has ended. */
export interface EndedJob {
  readonly state: string;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly path: readonly string[];
  } | null;
  // Results have the shape that each test asked for.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly result: any;
}

/** The whole server with the shipped models, a tiny memory, and a folder that it exchanges with its clients. */
export class RealApplication {
  private constructor(
    readonly workshop: Workshop,
    readonly application: Application,
    private readonly server: Awaited<ReturnType<typeof startServer>>,
  ) {}

  static async open(): Promise<RealApplication> {
    const workshop = await Workshop.open();
    await mkdir(workshop.path('exchange'));
    const config = loadConfig(
      {
        ...{ dataDir: workshop.path('data'), exchangeDir: workshop.path('exchange') },
        ...{ modelsDir: workshop.path('models'), memoriesDir: workshop.path('memories') },
        ...{ profile: 'tiny', inferenceWorkers: 1, port: 0 },
      },
      {},
    );
    const logger = pino({ level: 'silent' });
    const application = await openApplication(config, { version: '0.0.0-test', logger });
    return new RealApplication(workshop, application, await startServer(application.services, config));
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.application.close();
    await this.workshop.close();
  }

  ask(query: string, variables: Record<string, unknown> = {}): Promise<ApiAnswer> {
    return askServer(this.server.url, query, variables);
  }

  /** Puts a file into the exchange folder. */
  give(name: string, content: string): Promise<void> {
    return writeFile(this.workshop.path('exchange', name), content);
  }

  /** Reads a file of the exchange folder. */
  take(name: string): Promise<string> {
    return readFile(this.workshop.path('exchange', name), 'utf8');
  }

  /** What a mutation answers: a job, or why there is none. */
  async submit(
    mutation: string,
    input: object,
  ): Promise<{ readonly id?: string; readonly code?: string; readonly path?: readonly string[] }> {
    const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`;
    const { data, errors } = await this.ask(
      `mutation ($input: ${INPUT_TYPES[mutation] ?? `${type}Input`}!) {
        ${mutation}(input: $input) { ... on Job { id } ... on Problem { code path } }
      }`,
      { input },
    );
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('; '));
    return data[mutation] as { id?: string };
  }

  /** Submits a task, waits for its end, and reads its job. @param fields of the result */
  async finish(mutation: string, input: object, fields = '__typename'): Promise<EndedJob> {
    const { id, ...problem } = await this.submit(mutation, input);
    if (id === undefined) throw new Error(`${mutation} was refused: ${JSON.stringify(problem)}`);
    await this.application.services.jobs.finished(id);
    const { data, errors } = await this.ask(
      `query ($id: ID!) { job(id: $id) { state error { code message path } result { ${fields} } } }`,
      { id },
    );
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('; '));
    return data.job as EndedJob;
  }
}

/** Input types that are not named after their mutation. */
const INPUT_TYPES: Readonly<Record<string, string>> = {
  dropMemoryEntries: 'DropEntriesInput',
};
