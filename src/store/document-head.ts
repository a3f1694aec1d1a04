import type { DocumentId } from '../domain/identity.js';
import type { Document } from '../domain/model.js';
import type { SaveOutcome } from './graph-store.js';

/** What people say of a document and extraction ignores, as stores keep it. */
export interface DocumentDescription {
  readonly title: string | null;
  readonly source: string | null;
  /** JSON. */
  readonly metadata: string | null;
}

/** What is stored of a document beside its content. */
export interface DocumentHead extends DocumentDescription {
  readonly id: DocumentId;
  readonly revision: string;
  readonly profile: string;
}

/** What saving does to a document; `described`: to its description alone, which callers see as replaced. */
export type HeadChange = SaveOutcome['change'] | 'described';

export function descriptionOf({ title, source, metadata }: Document): DocumentDescription {
  return { title, source, metadata: metadata === null ? null : JSON.stringify(metadata) };
}

/** What saving a document under a profile does where `stored` is there already. */
export function headChange(
  document: Document,
  profile: string,
  stored: DocumentHead | undefined,
): HeadChange {
  if (!stored) return 'created';
  if (stored.revision !== document.revision || stored.profile !== profile) return 'replaced';
  const { title, source, metadata } = descriptionOf(document);
  const isSame = stored.title === title && stored.source === source && stored.metadata === metadata;
  return isSame ? 'unchanged' : 'described';
}

/** As callers of the port see it. */
export function outcomeOfChange(change: HeadChange): SaveOutcome['change'] {
  return change === 'described' ? 'replaced' : change;
}
