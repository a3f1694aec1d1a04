import { NeighborKbError } from '../../domain/errors.js';
import type { GraphStore } from '../graph-store.js';
import { copyIdentity } from './copy-identity.js';
import { documentBatches } from './document-batches.js';
import { newTransferState, type TransferState, type TransferStateFile } from './transfer-state.js';
import { verify, type Verification } from './verify.js';

/** One of the two stores, with the name that the user gave it; no password in it. */
export interface NamedStore {
  readonly name: string;
  readonly store: GraphStore;
}

export interface TransferOptions {
  readonly state: TransferStateFile;
  /** Leave the state file where it is when all is done: run again, the transfer only compares. Default false. */
  readonly keepState?: boolean;
  /** Called after every document and every comparison; may throw to stop: the transfer can be taken up there. */
  readonly report: (step: 'copied' | 'verified', done: number, total: number) => void;
}

export interface TransferOutcome {
  /** Documents that were copied, by this run and by those that it took up. */
  readonly copied: number;
  /** Whether an earlier run was taken up. */
  readonly resumed: boolean;
  readonly verification: Verification;
}

/**
 * Copies a whole knowledge base: what decides on identity first, then document by document, each in one transaction of
 * the target, then compares the two. A run that was stopped goes on from its state file, which is gone once the two
 * stores are the same, unless it is to be kept.
 *
 * @throws NeighborKbError CONFLICT where the target is not empty and no earlier run left a state; INVALID_FILE
 */
export async function transfer(
  from: NamedStore,
  to: NamedStore,
  { state: file, keepState = false, report }: TransferOptions,
): Promise<TransferOutcome> {
  const earlier = await file.read();
  if (earlier) assertSame(earlier, from.name, to.name, file.file);
  else await assertEmpty(to);
  const { documents: total } = await from.store.counts();

  let state = earlier ?? newTransferState(from.name, to.name);
  await file.write(state);
  // First of all, so that documents find it; an earlier run may have copied some of it.
  await copyIdentity(from.store, to.store);
  for await (const { documents, cursor } of documentBatches(from.store, state.cursor)) {
    const whole = await from.store.queries.extractedDocuments(documents.map(({ id }) => id));
    for (const [place, extracted] of whole.entries()) {
      // Removed since the page was read.
      if (!extracted) continue;
      await to.store.saveDocument(extracted);
      report('copied', state.copied + place + 1, total);
    }
    state = { ...state, cursor, copied: state.copied + documents.length };
    await file.write(state);
  }
  const verification = await verify(from.store, to.store, (done, all) => {
    report('verified', done, all);
  });
  if (verification.problems.length === 0 && !keepState) await file.remove();
  return { copied: state.copied, resumed: earlier !== null, verification };
}

function assertSame(state: TransferState, from: string, to: string, file: string): void {
  if (state.from !== from || state.to !== to)
    throw new NeighborKbError(
      'CONFLICT',
      `${file} belongs to a transfer from ${state.from} to ${state.to}: name another state file`,
      ['state'],
    );
}

async function assertEmpty({ name, store }: NamedStore): Promise<void> {
  const { identity } = store;
  const [{ documents, entities }, dictionaries, merges, distinctions] = await Promise.all([
    store.counts(),
    identity.dictionaries(),
    identity.merges({ first: 1 }),
    identity.distinctions({ first: 1 }),
  ]);
  const judgements = (await merges.totalCount()) + (await distinctions.totalCount());
  if (documents + entities + dictionaries.length + judgements > 0)
    throw new NeighborKbError(
      'CONFLICT',
      `${name} holds ${documents} documents, ${dictionaries.length} dictionaries and ${judgements} merges and ` +
        `distinctions already: copy into an empty store, or go on with the run that began it`,
      ['to'],
    );
}
