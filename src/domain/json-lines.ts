import { NeighborKbError } from './errors.js';

/** One line of a JSON lines stream: its value, or why it could not be read. Blank lines are skipped. */
export type JsonLine =
  | { readonly ok: true; readonly line: number; readonly value: unknown }
  | { readonly ok: false; readonly line: number; readonly error: NeighborKbError };

export interface JsonLinesLimits {
  /** Longest line in bytes; a longer one becomes an error and is not kept in memory. */
  readonly maxLineBytes: number;
}

/** Room for the longest permitted text with every character escaped, and its mentions. */
export const DEFAULT_JSON_LINES_LIMITS: JsonLinesLimits = { maxLineBytes: 64 * 1024 * 1024 };

const NEWLINE = 0x0a;

/**
 * Reads JSON lines from chunks of UTF-8 bytes that may be cut anywhere. Memory holds one line at a time; a bad
 * line gives an error that carries its number (from 1), and reading goes on after it.
 */
export async function* readJsonLines(
  chunks: AsyncIterable<Uint8Array>,
  limits: JsonLinesLimits = DEFAULT_JSON_LINES_LIMITS,
): AsyncGenerator<JsonLine> {
  let line = 0;
  for await (const bytes of splitLines(chunks, limits.maxLineBytes)) {
    line++;
    if (bytes === 'too long') yield { ok: false, line, error: tooLong(line, limits.maxLineBytes) };
    else {
      const parsed = parseLine(bytes, line);
      if (parsed !== null) yield parsed;
    }
  }
}

function parseLine(bytes: Uint8Array, line: number): JsonLine | null {
  let text: string;
  try {
    // `ignoreBOM: false` drops a byte order mark, which editors write at the start of a file.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (cause) {
    const error = new NeighborKbError('MALFORMED_TEXT', `line ${line} is not UTF-8`, ['line', line], {
      cause,
    });
    return { ok: false, line, error };
  }
  if (text.trim() === '') return null;
  try {
    return { ok: true, line, value: JSON.parse(text) as unknown };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'malformed';
    const message = `line ${line} is not JSON: ${shorten(reason)}`;
    return {
      ok: false,
      line,
      error: new NeighborKbError('INVALID_FILE', message, ['line', line], { cause }),
    };
  }
}

/** Lines without their newline; the last one may lack it. 'too long' stands for a line past the limit. */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<Uint8Array | 'too long'> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const take = (): Uint8Array | 'too long' => {
    const line = bytes > maxLineBytes ? 'too long' : concatenate(parts, bytes);
    parts = [];
    bytes = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      parts.push(chunk.subarray(from, at));
      bytes += at - from;
      yield take();
      from = at + 1;
    }
    if (from === chunk.length) continue;
    bytes += chunk.length - from;
    if (bytes <= maxLineBytes) parts.push(chunk.subarray(from));
    else parts = [];
  }
  if (bytes > 0) yield take();
}

function concatenate(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const only = parts[0];
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function tooLong(line: number, maxLineBytes: number): NeighborKbError {
  return new NeighborKbError('INVALID_FILE', `line ${line} is longer than ${maxLineBytes} bytes`, [
    'line',
    line,
  ]);
}

/** V8's message quotes the input around the fault: the place is enough. */
function shorten(reason: string): string {
  return reason.length <= 120 ? reason : `${reason.slice(0, 117)}...`;
}
