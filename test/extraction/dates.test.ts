import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseDate } from '../../src/extraction/dates.js';

describe('a mention of time', () => {
  it.each([
    ['14 March 1879', '1879-03-14', 'day'],
    ['March 14, 1879', '1879-03-14', 'day'],
    ['14th of March, 1879', '1879-03-14', 'day'],
    ['the 14th day of March 1879', '1879-03-14', 'day'],
    ['March 14th, 1879', '1879-03-14', 'day'],
    ['Friday, March 14, 1879', '1879-03-14', 'day'],
    ['on 14 March 1879', '1879-03-14', 'day'],
    ['Sept. 3, 1920', '1920-09-03', 'day'],
    ['MAY 7, 1945', '1945-05-07', 'day'],
    ['1879-03-14', '1879-03-14', 'day'],
    ['1879/3/14', '1879-03-14', 'day'],
    ['14/03/1879', '1879-03-14', 'day'],
    ['03/14/1879', '1879-03-14', 'day'],
    ['14.3.1879', '1879-03-14', 'day'],
    ['04/04/1879', '1879-04-04', 'day'],
    ['29 February 1904', '1904-02-29', 'day'],
    ['03/04/1879', '1879', 'year'],
    ['Mar. 1879', '1879-03', 'month'],
    ['March 1879', '1879-03', 'month'],
    ['March of 1879', '1879-03', 'month'],
    ['early March 1879', '1879-03', 'month'],
    ['1879-03', '1879-03', 'month'],
    ['1879', '1879', 'year'],
    ['in 1879', '1879', 'year'],
    ['early 1879', '1879', 'year'],
    ['mid-1879', '1879', 'year'],
    ['spring of 1879', '1879', 'year'],
    ['the end of 1879', '1879', 'year'],
    ['c. 1879', '1879', 'year'],
    ['circa 1879', '1879', 'year'],
    ['793', '0793', 'year'],
    ['1066 AD', '1066', 'year'],
    ['AD 793', '0793', 'year'],
    ['the 1870s', '187X', 'decade'],
    ["the late 1870's", '187X', 'decade'],
    ['19th century', '18XX', 'century'],
    ['the early 19th-century', '18XX', 'century'],
    ['the nineteenth century', '18XX', 'century'],
    ['the twenty-first century', '20XX', 'century'],
    ['the 1800s', '18XX', 'century'],
  ])('%s is %s', (surface, iso, precision) => {
    expect(normaliseDate(surface)).toEqual({ iso, precision });
  });

  it.each([
    'three years',
    '10 years',
    'today',
    'last year',
    'Monday',
    'March',
    'July 4',
    '14 March 1879 at 5:30 pm',
    '5 p.m.',
    '44 BC',
    '1914-1918',
    '1914–18',
    'from 1914 to 1918',
    'March 1914 to May 1915',
    '31 February 1900',
    '29 February 1900',
    '31/31/1900',
    '1879-13-01',
    'the 20th and 21st centuries',
    '12',
    '0',
    '',
    'the',
    'Christmas',
    'two months later',
    '14/03/79',
  ])('%s names no absolute date', (surface) => {
    expect(normaliseDate(surface)).toBeNull();
  });

  it('gives every day of the calendar in every common form', () => {
    const day = fc.date({ min: new Date('1000-01-01'), max: new Date('2100-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.constantFrom('long', 'short'), fc.boolean(), (date, month, dayFirst) => {
        const surface = date.toLocaleDateString(dayFirst ? 'en-GB' : 'en-US', {
          day: 'numeric',
          month,
          year: 'numeric',
          timeZone: 'UTC',
        });
        // Locales use the proleptic calendar alike only after 1582.
        if (date.getUTCFullYear() < 1583) return;
        expect(normaliseDate(surface)?.iso).toBe(date.toISOString().slice(0, 10));
      }),
    );
  });

  it('is refused or normalised, never an error, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (surface) => {
        const date = normaliseDate(surface);
        if (date) expect(date.iso).toMatch(/^\d{2}(?:XX|\dX|\d\d(?:-\d\d(?:-\d\d)?)?)$/);
      }),
    );
  });
});
