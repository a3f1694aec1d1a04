import type { MentionDetector } from '../inference/ports.js';
import type { MentionFinder } from '../memory/building/text-tools.js';
import { mentionsFromDetector } from './mentions.js';

/** The mentions of texts as the pipeline finds them: the detector's, and pronouns that none of them covers. */
export function mentionFinder(detector: MentionDetector): MentionFinder {
  return async (texts) => {
    const detected = await detector.detect(
      texts.flatMap(({ text, sentences }) => sentences.map(({ start, end }) => text.slice(start, end))),
    );
    let next = 0;
    return texts.map(({ text, sentences }) =>
      sentences.flatMap((sentence, index) =>
        mentionsFromDetector(text, sentence, index, detected[next++] ?? [], detector.pronouns).map(
          ({ start, end, type }) => ({ start, end, type }),
        ),
      ),
    );
  };
}
