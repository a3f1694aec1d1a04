import { NeighborKbError } from './errors.js';

/** What another knowledge base calls an entity: `{ scheme: 'wikidata', value: 'Q7186' }`. */
export interface ExternalId {
  /** Lower-case letters, digits and hyphens: `wikidata`, `viaf`, `isni`. */
  readonly scheme: string;
  /** As the scheme writes it; no white space. */
  readonly value: string;
}

const WIKIDATA = /^(?:(?:https?:\/\/)?(?:www\.)?wikidata\.org\/(?:entity|wiki)\/)?(Q[1-9]\d*)$/;
/** An address is no id: its scheme says how to get there, not whose it is. */
const SCHEMED = /^([a-z][a-z0-9-]*):(?!\/\/)(\S{1,200})$/;

/**
 * An external id from its text form: `wikidata:Q7186`, `viaf:76353174`, or what Wikidata's ids look like by
 * themselves: `Q7186` and `http://www.wikidata.org/entity/Q7186`.
 * @throws NeighborKbError INVALID_ARGUMENT
 */
export function parseExternalId(text: string): ExternalId {
  const trimmed = text.trim();
  const item = WIKIDATA.exec(trimmed)?.[1];
  if (item !== undefined) return { scheme: 'wikidata', value: item };
  const [, scheme, value] = SCHEMED.exec(trimmed) ?? [];
  const isWikidata = scheme === 'wikidata';
  if (scheme === undefined || value === undefined || (isWikidata && !WIKIDATA.test(value)))
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `expected scheme:value such as wikidata:Q7186, got ${JSON.stringify(trimmed.slice(0, 80))}`,
    );
  return { scheme, value };
}

/** The text form that `parseExternalId` reads. */
export function formatExternalId({ scheme, value }: ExternalId): string {
  return `${scheme}:${value}`;
}

/** Where a browser finds the entity; null for schemes that we know no address of. */
export function externalIdUrl({ scheme, value }: ExternalId): string | null {
  const prefix = ADDRESSES.get(scheme);
  return prefix === undefined ? null : prefix + encodeURIComponent(value);
}

const ADDRESSES: ReadonlyMap<string, string> = new Map([
  ['wikidata', 'http://www.wikidata.org/entity/'],
  ['viaf', 'https://viaf.org/viaf/'],
  ['isni', 'https://isni.org/isni/'],
  ['geonames', 'https://www.geonames.org/'],
]);
