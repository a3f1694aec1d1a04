import { Router, type Response } from 'express';
import { EXAMPLES } from './examples.js';

/**
 * GraphiQL, served from the installed package: nothing on its page comes from another address, and the
 * content security policy keeps it so. The assets weigh 9 MB and are read when someone first asks for them.
 */
export function explorerRouter(endpoint: string): Router {
  const router = Router();
  router.get('/', (_request, response) => sendExplorerPage(response));
  router.get('/explorer.js', (_request, response) => {
    sendAsset(response, 'text/javascript', bootScript(endpoint));
  });
  router.get('/explorer.css', (_request, response) => sendAsset(response, 'text/css', LAYOUT));
  for (const [name, { type, key }] of Object.entries(PACKAGED))
    router.get(`/${name}`, async (_request, response) => {
      const assets = await import('@graphql-yoga/render-graphiql/graphiql');
      sendAsset(response, type, assets[key]);
    });
  return router;
}

export const EXPLORER_PATH = '/graphiql';

const PACKAGED = {
  'graphiql.js': { type: 'text/javascript', key: 'js' },
  'graphiql.css': { type: 'text/css', key: 'css' },
  'editor.worker.js': { type: 'text/javascript', key: 'editorWorkerService' },
  'json.worker.js': { type: 'text/javascript', key: 'jsonWorker' },
  'graphql.worker.js': { type: 'text/javascript', key: 'graphqlWorker' },
} as const;

/** Scripts and connections from here alone; GraphiQL writes styles inline and carries fonts and images as data. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function sendExplorerPage(response: Response): void {
  response.set('content-security-policy', PAGE_POLICY).type('html').send(PAGE);
}

function sendAsset(response: Response, type: string, content: string): void {
  response.set('cache-control', 'public, max-age=3600').type(type).send(content);
}

const LINKS = EXAMPLES.map(
  ({ name, title }) =>
    `<a href="${EXPLORER_PATH}?example=${encodeURIComponent(name)}">${escapeHtml(title)}</a>`,
).join('\n        ');

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>NeighborKB explorer</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${EXPLORER_PATH}/graphiql.css">
    <link rel="stylesheet" href="${EXPLORER_PATH}/explorer.css">
  </head>
  <body>
    <nav aria-label="Example operations">
      <strong>NeighborKB</strong>
      <span>Examples:</span>
        ${LINKS}
    </nav>
    <div id="root">Loading the explorer. It needs JavaScript.</div>
    <script src="${EXPLORER_PATH}/graphiql.js"></script>
    <script src="${EXPLORER_PATH}/explorer.js"></script>
  </body>
</html>
`;

const LAYOUT = `
html, body { height: 100%; margin: 0; }
body { display: flex; flex-direction: column; font: 14px/1.4 system-ui, sans-serif; }
nav { display: flex; flex-wrap: wrap; gap: 4px 14px; padding: 8px 14px; border-bottom: 1px solid #d0d5dd; background: #fff; color: #344054; }
nav a { color: #175cd3; text-decoration: none; }
nav a:hover, nav a:focus-visible { text-decoration: underline; }
#root { flex: 1; min-height: 0; }
#root > .graphiql-container { height: 100%; }
@media (prefers-color-scheme: dark) {
  nav { background: #1d2939; border-color: #344054; color: #d0d5dd; }
  nav a { color: #84caff; }
}
`;

/** Starts GraphiQL in the browser; `?example=name` opens an example in a tab of its own. */
function bootScript(endpoint: string): string {
  const examples = Object.fromEntries(
    EXAMPLES.map(({ name, operation, variables }) => [
      name,
      {
        query: operation,
        variables: variables === undefined ? undefined : JSON.stringify(variables, null, 2),
      },
    ]),
  );
  return `'use strict';
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) =>
    '${EXPLORER_PATH}/' + (label === 'json' || label === 'graphql' ? label : 'editor') + '.worker.js',
};
const examples = ${JSON.stringify(examples)};
const address = new URL(location.href);
const example = examples[address.searchParams.get('example')];
if (example) history.replaceState({}, '', '${EXPLORER_PATH}');
YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
  endpoint: '${endpoint}',
  title: 'NeighborKB',
  subscriptionsProtocol: 'WS',
  defaultQuery: examples[${JSON.stringify(EXAMPLES[0]?.name ?? '')}].query,
  ...example,
});
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
