import { NeighborKbError } from '../../domain/errors.js';
import type { StudyContext } from './context.js';
import { knowledgeNetStudy } from './knowledgenet.js';
import { longTailStudy } from './long-tail.js';
import { newDomainStudy } from './new-domain.js';
import { newRelationStudy } from './new-relation.js';
import { sciercStudy } from './scierc.js';
import type { StudyTable } from './table.js';
import { wordingStudy } from './wording.js';
import { WIKI80_LOW, WIKI80_TENTH, wiki80Study } from './wiki80.js';

/** The studies that can be made again, by name. */
const STUDIES: Readonly<Record<string, (context: StudyContext) => Promise<StudyTable>>> = {
  scierc: sciercStudy,
  'wiki80-low': (context) => wiki80Study(context, WIKI80_LOW),
  'wiki80-10': (context) => wiki80Study(context, WIKI80_TENTH),
  knowledgenet: knowledgeNetStudy,
  'new-relation': newRelationStudy,
  'long-tail': longTailStudy,
  'new-domain': newDomainStudy,
  wording: wordingStudy,
};

export const STUDY_NAMES = Object.keys(STUDIES);

/** @throws NeighborKbError INVALID_ARGUMENT for an unknown name; NOT_FOUND, MODEL_MISSING where data or encoders lack */
export function runStudy(name: string, context: StudyContext): Promise<StudyTable> {
  const study = Object.hasOwn(STUDIES, name) ? STUDIES[name] : undefined;
  if (!study)
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `there is no study ${name}; there are ${STUDY_NAMES.join(', ')}`,
      ['study'],
    );
  return study(context);
}
