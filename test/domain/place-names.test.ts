import { describe, expect, test } from 'vitest';
import { entityId } from '../../src/domain/identity.js';
import { fullestName } from '../../src/domain/name-shapes.js';
import { properPlaceName, writtenPlaceName } from '../../src/domain/place-names.js';

describe('a place', () => {
  test.each([
    ['United States', ['U.S.', 'USA', 'American', 'the United States of America']],
    ['France', ['French']],
    ['California', ['Calif.', 'CA']],
    ['Bosnia and Herzegovina', ['Bosnian']],
  ])('is %s under each of %j, and is shown by its name', (name, forms) => {
    for (const form of forms) {
      expect(entityId('LOC', form)).toBe(entityId('LOC', name));
      expect(fullestName('LOC', [form])).toBe(name);
    }
  });

  test('keeps its own name where two places share another one', () => {
    for (const shared of ['Congolese', 'LA', 'Georgian', 'New York'])
      expect(fullestName('LOC', [shared])).toBe(shared);
  });

  test('lends its adjective to places alone', () => {
    expect(entityId('MISC', 'French')).not.toBe(entityId('MISC', 'France'));
    expect(entityId('ORG', 'American')).not.toBe(entityId('ORG', 'United States'));
    expect(fullestName('ORG', ['American'])).toBe('American');
  });

  test('has one proper name, which is not itself a form of another', () => {
    for (const form of ['american', 'english', 'calif', 'nyc']) {
      const proper = properPlaceName(form);
      expect(proper).toBeDefined();
      expect(properPlaceName(proper ?? '')).toBeUndefined();
      expect(writtenPlaceName(form)?.toLowerCase()).toBe(proper);
    }
  });
});
