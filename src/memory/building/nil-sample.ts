import { createHash } from 'node:crypto';
import type { Span } from '../../domain/offsets.js';

const LARGEST = 2 ** 32;

/**
 * Whether a pair belongs to a sample of this share: a function of its text and spans alone, so that every run takes the
 * same pairs, in any order of the inputs, and a larger share takes all that a smaller one takes.
 * @param share in [0, 1]
 */
export function isSampled(text: string, subject: Span, object: Span, share: number): boolean {
  if (share >= 1) return true;
  if (share <= 0) return false;
  const content = JSON.stringify([text, subject.start, subject.end, object.start, object.end]);
  const digest = createHash('sha256').update(content).digest();
  return digest.readUInt32BE(0) / LARGEST < share;
}
