import type { EntityType } from './mention-types.js';
import { properPlaceName } from './place-names.js';

/** Legal forms of companies, as normalised words: they are no part of what tells two names apart. */
const LEGAL_FORMS: ReadonlySet<string> = new Set(
  (
    'inc incorporated corp corporation co company ltd limited llc llp lp plc gmbh ag kg kgaa sa sas sarl nv bv ' +
    'spa srl oy oyj ab asa aps pty pte kk bhd'
  ).split(' '),
);

/** Forms of address and ranks before a person's name, as normalised words. */
const PERSON_TITLES: ReadonlySet<string> = new Set(
  (
    'mr mrs ms miss mx dr prof professor sir dame lady lord rev reverend fr father sister saint st gen general col ' +
    'colonel capt captain lt lieutenant sgt sergeant maj major adm admiral sen senator rep representative gov ' +
    'governor president chancellor minister king queen prince princess emperor empress pope bishop archbishop ' +
    'cardinal judge justice hon honorable'
  ).split(' '),
);

/** Of these only the ones that no name needs: "King Lear" and "Pope Francis" keep their first word. */
const ADDRESS_FORMS: ReadonlySet<string> = new Set(
  'mr mrs ms miss mx dr prof professor sir dame rev'.split(' '),
);

export function isPersonTitle(word: string): boolean {
  return PERSON_TITLES.has(word);
}

/**
 * The words of a normalised name that identify an entity of its type: companies without their legal form
 * ("apple inc" and "apple" are one name), persons without a form of address, countries and states by their
 * name rather than by letters or an adjective, no leading article. A name that consists of such words alone keeps them.
 *
 * @param normalised result of `normaliseName`
 */
export function identifyingName(type: EntityType, normalised: string): string {
  const words = normalised.split(' ');
  let first = 0;
  let end = words.length;
  if (type !== 'PER' && type !== 'MISC' && words[first] === 'the') first++;
  if (type === 'PER') while (first < end && ADDRESS_FORMS.has(words[first] as string)) first++;
  if (type === 'ORG') while (first < end && LEGAL_FORMS.has(words[end - 1] as string)) end--;
  const name = first < end ? words.slice(first, end).join(' ') : normalised;
  return type === 'LOC' ? (properPlaceName(name) ?? name) : name;
}
