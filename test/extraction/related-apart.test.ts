import { describe, expect, it } from 'vitest';
import { PredicateSchema } from '../../src/domain/predicates.js';
import { keepRelatedApart } from '../../src/extraction/related-apart.js';
import { prepareDocument, splitDocument, type PreparedDocument } from '../../src/extraction/prepare.js';

const schema = new PredicateSchema([
  {
    id: 'P22',
    name: 'child of',
    description: 'the object is a parent of the subject',
    covers: ['P22', 'P25'],
    inverses: [],
    subjectTypes: ['PER'],
    objectTypes: ['PER'],
    symmetric: false,
  },
]);

/** A document with `[surface|TYPE]` marks as given mentions, resolved. */
function prepared(marked: string): Promise<PreparedDocument> {
  const mentions: { start: number; end: number; type: 'PER' | 'ORG' | 'PRON' }[] = [];
  let text = '';
  for (const [, before, surface, type] of marked.matchAll(/([^[]*)(?:\[([^|]+)\|(PER|ORG|PRON)\])?/g)) {
    text += before ?? '';
    if (surface === undefined) continue;
    mentions.push({
      start: text.length,
      end: text.length + surface.length,
      type: type as 'PER' | 'ORG' | 'PRON',
    });
    text += surface;
  }
  const split = splitDocument({ externalId: 'document', text, mentions });
  return prepareDocument(split, { sentences: [], title: [] }, new Set(), schema, 100);
}

function referents(document: PreparedDocument): string[] {
  const names = new Map(document.entities.map(({ id, name }) => [id, name]));
  return document.mentions.map(({ text, entityId }) => `${text}=${entityId ? names.get(entityId) : '-'}`);
}

function relate(
  document: PreparedDocument,
  subject: number,
  object: number,
  label: string,
): PreparedDocument {
  const idOf = (index: number) => document.mentions[index]!.id;
  const prediction = { label, subjectMentionId: idOf(subject), objectMentionId: idOf(object) };
  return keepRelatedApart(document, [prediction], schema);
}

describe('a pronoun and a name that a relation joins', () => {
  it('are two entities: the pronoun goes to its next best antecedent', async () => {
    const document = await prepared('[Tom Hall|PER] met [Peter Voss|PER]. [He|PRON] was an actor.');
    expect(referents(document)).toEqual(['Tom Hall=Tom Hall', 'Peter Voss=Peter Voss', 'He=Tom Hall']);
    expect(referents(relate(document, 2, 0, 'P22'))).toEqual([
      'Tom Hall=Tom Hall',
      'Peter Voss=Peter Voss',
      'He=Peter Voss',
    ]);
  });

  it('leave the pronoun unresolved where nothing else is there', async () => {
    const document = await prepared('[Tom Hall|PER] was an actor. [His|PRON] father was one, too.');
    expect(referents(relate(document, 1, 0, 'P22'))).toEqual(['Tom Hall=Tom Hall', 'His=-']);
  });

  it('are corrected, too, where the entity cannot have the predicate', async () => {
    const document = await prepared('[Acme|ORG] hired [Tom Hall|PER]. [It|PRON] liked [Peter Voss|PER].');
    expect(referents(document)[2]).toBe('It=Acme');
    expect(referents(relate(document, 2, 3, 'P22'))[2]).toBe('It=-');
  });

  it('stay one entity where the pair is NIL', async () => {
    const document = await prepared('[Tom Hall|PER] was an actor. [His|PRON] father was one, too.');
    expect(relate(document, 1, 0, 'NIL')).toBe(document);
  });

  it('are paired in the first place, which two names of one entity are not', async () => {
    const document = await prepared('[Tom Hall|PER] said that [Tom Hall|PER] liked [his|PRON] work.');
    const pairs = document.candidates.flatMap((candidate) => candidate.pairs);
    expect(pairs.map(({ subject, object }) => `${subject}-${object}`).sort()).toEqual([
      '0-2',
      '1-2',
      '2-0',
      '2-1',
    ]);
  });
});
