import Table from 'cli-table3';

export interface TableOptions {
  /** Widths by column; text wraps at words. */
  readonly widths?: readonly (number | null)[];
  readonly align?: readonly ('left' | 'right' | 'center')[];
}

/** A table without colours, so that it reads alike on a terminal and in a file; ends with a newline. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { widths, align }: TableOptions = {},
): string {
  const drawn = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    wordWrap: true,
    chars: BORDERS,
    ...(widths === undefined ? {} : { colWidths: [...widths] }),
    ...(align === undefined ? {} : { colAligns: [...align] }),
  });
  drawn.push(...rows.map((row) => row.map(printable)));
  return `${drawn.toString()}\n`;
}

/** Text from documents must not steer the terminal: control characters become spaces. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/** At most `length` characters on one line. */
export function shorten(text: string, length: number): string {
  const line = printable(text).replace(/\s+/gu, ' ').trim();
  const characters = [...line];
  return characters.length <= length ? line : `${characters.slice(0, length - 1).join('')}…`;
}

const BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '─',
  mid: '─',
  'mid-mid': '─',
  right: '',
  'right-mid': '',
  middle: ' ',
};
