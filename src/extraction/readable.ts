import { htmlToText } from 'html-to-text';
import { marked } from 'marked';
import { NeighborKbError } from '../domain/errors.js';

/** File name extensions that `readableText` takes, in lower case with their dot. */
export const READABLE_EXTENSIONS = ['.txt', '.text', '.md', '.markdown', '.html', '.htm'] as const;

/** What a person reads of a file. */
export interface ReadableText {
  readonly text: string;
  /** From the mark-up, if it names one. */
  readonly title?: string;
}

/**
 * The text of a file's content: Markdown and HTML without mark-up, paragraphs apart by blank lines, so that
 * offsets count in what is stored and shown.
 *
 * @param extension one of READABLE_EXTENSIONS in any letter case
 * @throws NeighborKbError INVALID_FILE for another extension
 */
export function readableText(content: string, extension: string): ReadableText {
  const source = content.startsWith('\ufeff') ? content.slice(1) : content;
  switch (extension.toLowerCase()) {
    case '.txt':
    case '.text':
      return { text: source };
    case '.md':
    case '.markdown':
      return fromMarkdown(source);
    case '.html':
    case '.htm':
      return fromHtml(source);
    default:
      throw new NeighborKbError(
        'INVALID_FILE',
        `${extension}: expected one of ${READABLE_EXTENSIONS.join(', ')}`,
        ['extension'],
      );
  }
}

function fromMarkdown(source: string): ReadableText {
  const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)/.exec(source);
  const named = /^title:\s*["']?(.+?)["']?\s*$/m.exec(frontMatter?.[1] ?? '')?.[1];
  const body = frontMatter ? source.slice(frontMatter[0].length) : source;
  const html = marked.parse(body, { async: false, gfm: true });
  return withTitle(textOf(html), named ?? headingOf(html));
}

function fromHtml(source: string): ReadableText {
  const named = /<title[^>]*>([^<]*)<\/title>/i.exec(source)?.[1];
  return withTitle(textOf(source), named === undefined ? headingOf(source) : textOf(named));
}

/** The text of the first heading of the first level. */
function headingOf(html: string): string | undefined {
  const heading = /<h1[^>]*>([\s\S]{0,2000}?)<\/h1>/i.exec(html)?.[1];
  return heading === undefined ? undefined : textOf(heading);
}

function textOf(html: string): string {
  return htmlToText(html, {
    wordwrap: false,
    // What is deeper or wider than any real page is cut rather than followed.
    limits: { maxDepth: 200, ellipsis: '' },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      { selector: 'nav', format: 'skip' },
      { selector: 'head', format: 'skip' },
      { selector: 'template', format: 'skip' },
      { selector: 'svg', format: 'skip' },
      { selector: 'sup.reference', format: 'skip' },
      { selector: 'pre', format: 'block' },
      { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
        selector,
        options: { uppercase: false },
      })),
      { selector: 'ul', options: { itemPrefix: '- ' } },
    ],
  });
}

function withTitle(text: string, title: string | undefined): ReadableText {
  const line = title?.replace(/\s+/gu, ' ').trim();
  return line ? { text, title: line } : { text };
}
