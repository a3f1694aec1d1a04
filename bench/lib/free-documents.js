/**
 * A document that costs the encoder nothing: each of its sentences brings one mention along, so that nothing is detected
 * and no pair is to be scored; what remains is queue and store.
 *
 * @param sentences that name something, as `shippedSentences` gives them
 * @param index which of them it takes
 * @param count number of its sentences
 */
export function freeDocument(sentences, externalId, index, count) {
  const chosen = Array.from(
    { length: count },
    (_, n) => sentences[(index * count + n * 7) % sentences.length],
  );
  let offset = 0;
  const mentions = chosen.map(({ text, firstMention: { start, end } }) => {
    const mention = { start: offset + start, end: offset + end, type: 'PER' };
    offset += text.length + 1;
    return mention;
  });
  return { externalId, text: chosen.map(({ text }) => text).join(' '), mentions };
}
