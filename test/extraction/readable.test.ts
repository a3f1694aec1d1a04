import { describe, expect, it } from 'vitest';
import { readableText } from '../../src/extraction/readable.js';
import { splitSentences } from '../../src/extraction/sentences.js';

describe('the readable text', () => {
  it('of a plain file is its content without a byte order mark', () => {
    expect(readableText('\ufeffAda Lund\r\n\r\nleft. ', '.TXT')).toEqual({ text: 'Ada Lund\r\n\r\nleft. ' });
  });

  it('of Markdown has no mark-up, and the first heading as title', () => {
    const { text, title } = readableText(
      '# Ada *Lund*\n\nAda was born in [Oslo](https://example.org/oslo "x").\nShe _left_.\n\n- one\n- two\n\n> A quote.\n',
      '.md',
    );
    expect(title).toBe('Ada Lund');
    expect(text).toContain('Ada was born in Oslo. She left.');
    expect(text).toContain('- one');
    expect(text).not.toMatch(/[#*_[\]]|example\.org/);
  });

  it('of Markdown takes the title of its front matter, which is no text', () => {
    expect(readableText('---\ntitle: "Ada Lund"\ndate: 2020\n---\nShe left.\n', '.md')).toEqual({
      text: 'She left.',
      title: 'Ada Lund',
    });
  });

  it('of HTML leaves scripts, styles and navigation out and decodes characters', () => {
    const { text, title } = readableText(
      `<!doctype html><html><head><title>Ada &amp; Co.</title><style>p{}</style></head><body>
       <nav><a href="/">Home</a></nav><script>alert("x")</script>
       <h1>ADA</h1><p>Caf&eacute; <b>Lund</b>&nbsp;opened\n in 1900.</p><p>It closed.</p>
       <table><tr><td>Seat</td><td>Oslo</td></tr></table></body></html>`,
      '.html',
    );
    expect(title).toBe('Ada & Co.');
    expect(text).toMatch(/Café Lund\sopened in 1900\.\n\nIt closed\./);
    expect(text).toMatch(/Seat\s+Oslo/);
    expect(text).not.toMatch(/alert|Home|p\{\}/);
  });

  it('keeps paragraphs apart, so that sentences end with them', () => {
    const { text } = readableText('<h2>Life</h2><p>Ada left</p><p>Bo came</p>', '.htm');
    expect(splitSentences(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'Life',
      'Ada left',
      'Bo came',
    ]);
  });

  it('of broken mark-up is still text', () => {
    expect(readableText('<p>Ada <b>left<p>Bo </i>came', '.html').text).toMatch(/Ada left\s+Bo came/);
    expect(readableText('<div>'.repeat(5_000) + 'x', '.html').text.length).toBeLessThan(10);
    expect(readableText('', '.md')).toEqual({ text: '' });
  });

  it('of another kind of file is refused', () => {
    expect(() => readableText('x', '.pdf')).toThrow(expect.objectContaining({ code: 'INVALID_FILE' }));
  });
});
