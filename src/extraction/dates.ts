// The language alone: all of them take as long to load as the rest of a command.
import { strict } from 'chrono-node/en';
import type { NormalisedDate } from '../domain/model.js';

/** Longest surface that is tried: what is longer is no date. */
const MAX_LENGTH = 60;

const ORDINALS =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth ' +
  'fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first';
const ORDINAL_NUMBERS = new Map(ORDINALS.split(' ').map((word, i) => [word, i + 1]));

/** Vagueness and lead-ins that leave the period what it is, cut to its precision. */
const LEAD_IN =
  /^(?:(?:the|in|on|of|since|until|till|by|from|during|around|about|circa|approximately|ca?\.?|late|early|mid|middle|beginning|end|start|spring|summer|autumn|fall|winter|year|years|month|decade|fiscal)(?:[\s-]+|(?<=\.))(?:of\s+)?)+(?=\S)/i;
const WEEKDAY = /^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+(?=\S)/i;
const ERA = /\s*,?\s*\b(?:a\.?d\.?|c\.?e\.?)$|^a\.?d\.?\s+/i;

/**
 * The absolute date or period that a mention of time names, to its precision; null for what names none by
 * itself: durations, times of day, relative words, ranges, dates without a year, years before Christ.
 * Numeric dates whose day and month could be exchanged keep the year alone.
 */
export function normaliseDate(surface: string): NormalisedDate | null {
  if (surface.length > MAX_LENGTH) return null;
  const plain = surface
    .normalize('NFKC')
    .replace(/\s+/gu, ' ')
    .replace(/[‐‑–—]/gu, '-')
    .replaceAll('’', "'")
    .trim()
    .replace(/(?<=[1-9a-z])'s$|[.,;]$/iu, '')
    .replace(ERA, '')
    .replace(WEEKDAY, '');
  const bare = plain.replace(LEAD_IN, '');
  return century(bare) ?? decade(bare) ?? year(bare) ?? numeric(bare) ?? named(bare);
}

function century(text: string): NormalisedDate | null {
  const counted = /^(\d{1,2})(?:st|nd|rd|th)[\s-]century$/i.exec(text)?.[1];
  const spelled = /^([a-z]+(?:-first)?)[\s-]century$/i.exec(text)?.[1]?.toLowerCase();
  const ordinal = counted ? Number(counted) : spelled ? ORDINAL_NUMBERS.get(spelled) : undefined;
  if (ordinal !== undefined && ordinal >= 1) return ofCentury(ordinal - 1);
  const hundreds = /^(\d{1,2})00'?s$/.exec(text)?.[1];
  return hundreds ? ofCentury(Number(hundreds)) : null;
}

function ofCentury(hundreds: number): NormalisedDate {
  return { iso: `${String(hundreds).padStart(2, '0')}XX`, precision: 'century' };
}

function decade(text: string): NormalisedDate | null {
  const tens = /^(\d{3})0'?s$/.exec(text)?.[1];
  return tens ? { iso: `${tens}X`, precision: 'decade' } : null;
}

function year(text: string): NormalisedDate | null {
  return /^\d{3,4}$/.test(text) && Number(text) > 0
    ? { iso: text.padStart(4, '0'), precision: 'year' }
    : null;
}

/** 1879-03-14, 1879/3/14, 1879-03, 14/03/1879, 14.03.1879, 03/14/1879. */
function numeric(text: string): NormalisedDate | null {
  const isoOrder = /^(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?$/.exec(text);
  if (isoOrder)
    return ofParts(Number(isoOrder[1]), Number(isoOrder[3]), isoOrder[4] ? Number(isoOrder[4]) : null);
  const dayFirst = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/.exec(text);
  if (!dayFirst) return null;
  const [first, second, inYear] = [Number(dayFirst[1]), Number(dayFirst[3]), Number(dayFirst[4])];
  // Points part day and month where the day comes first.
  if (dayFirst[2] === '.' || first > 12 || first === second) return ofParts(inYear, second, first);
  if (second > 12) return ofParts(inYear, first, second);
  return first >= 1 && second >= 1 ? ofParts(inYear, null, null) : null;
}

const MONTH = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\b/i;

/** Dates with the name of a month and a year of three or four digits, in any order that English has. */
function named(text: string): NormalisedDate | null {
  if (!MONTH.test(text) || !/\b\d{3,4}\b/.test(text) || text.includes(':')) return null;
  // "14th day of March" and "March of 1879" say no more than without "of".
  const plain = text.replace(/\s+(?:day\s+)?of\s+/gi, ' ').replace(/(\d)(?:st|nd|rd|th)\b/gi, '$1');
  // The strict parser knows no month without its day.
  const hasDay = !/^[a-z]+\.?,?\s\d{3,4}$/i.test(plain);
  const full = hasDay ? plain : `1 ${plain}`;
  const [result, ...others] = strict.parse(full);
  if (!result || others.length > 0 || result.end || result.text.length !== full.length) return null;
  const { start } = result;
  const isDate = start.isCertain('year') && start.isCertain('month') && start.isCertain('day');
  if (!isDate || start.isCertain('hour')) return null;
  return ofParts(start.get('year'), start.get('month'), hasDay ? start.get('day') : null);
}

function ofParts(inYear: number | null, month: number | null, day: number | null): NormalisedDate | null {
  if (inYear === null || inYear < 1 || inYear > 9999) return null;
  const iso = String(inYear).padStart(4, '0');
  if (month === null) return { iso, precision: 'year' };
  if (month < 1 || month > 12) return null;
  const withMonth = `${iso}-${String(month).padStart(2, '0')}`;
  if (day === null) return { iso: withMonth, precision: 'month' };
  return day >= 1 && day <= daysIn(inYear, month)
    ? { iso: `${withMonth}-${String(day).padStart(2, '0')}`, precision: 'day' }
    : null;
}

function daysIn(inYear: number, month: number): number {
  const lastDay = new Date(0);
  lastDay.setUTCFullYear(inYear, month, 0);
  return lastDay.getUTCDate();
}
