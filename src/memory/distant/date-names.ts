const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/**
 * How English text writes a date that is given in ISO 8601, cut to its precision: `1867-11-07` gives "7 November 1867",
 * "November 7, 1867" and itself; `1867-11` "November 1867"; `1867` itself. Anything else gives nothing.
 */
export function namesOfDate(iso: string): string[] {
  const [, year, month, day] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T[\d:.]+Z?)?$/.exec(iso) ?? [];
  if (year === undefined) return [];
  if (month === undefined) return [year];
  const name = MONTHS[Number(month) - 1];
  // Wikidata writes a date of which the year alone is known as 1867-00-00.
  if (name === undefined) return [year];
  if (day === undefined || day === '00') return [`${name} ${year}`, `${year}-${month}`];
  const number = String(Number(day));
  return [`${number} ${name} ${year}`, `${name} ${number}, ${year}`, `${year}-${month}-${day}`];
}
