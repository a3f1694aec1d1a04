import { expressMiddleware } from '@as-integrations/express5';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { NeighborKbError } from './domain/errors.js';
import { startApollo } from './graphql/apollo.js';
import { createContext } from './graphql/context.js';
import { EXPLORER_PATH, explorerRouter, sendExplorerPage } from './graphql/explorer.js';
import { buildApiSchema } from './graphql/schema.js';
import type { ApiServices } from './graphql/services.js';
import { serveSubscriptions } from './graphql/web-socket.js';

/** Where to listen. Port 0 lets the system choose. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

export interface RunningServer {
  /** `http://127.0.0.1:4000`, without a path: the API is at `/graphql`, its explorer at `/graphiql`. */
  readonly url: string;
  /** Lets running operations end, then closes all connections. The services stay open: they are the caller's. */
  close(): Promise<void>;
}

const API_PATH = '/graphql';

/**
 * Serves the API: `/graphql` (operations over HTTP, subscriptions over WebSocket), `/graphiql`, `/healthz`.
 * @throws NeighborKbError INVALID_ARGUMENT naming `port` or `host` if the address cannot be had
 */
export async function startServer(services: ApiServices, address: ServerAddress): Promise<RunningServer> {
  const schema = buildApiSchema();
  const app = express();
  const http = createServer(app);
  const apollo = await startApollo(schema, services, http);

  app.disable('x-powered-by');
  app.use(securityHeaders, requestLog(services.logger));
  app.get('/healthz', health(services));
  app.use(EXPLORER_PATH, explorerRouter(API_PATH));
  app.get('/', (_request, response) => response.redirect(EXPLORER_PATH));
  app.get(API_PATH, explorerForBrowsers);
  app.use(
    API_PATH,
    express.json({ limit: services.limits.maxRequestBytes }),
    expressMiddleware(apollo, { context: async () => createContext(services) }),
  );
  refuseTheRest(app, services.logger);

  await listen(http, address);
  const subscriptions = serveSubscriptions(schema, services, http, API_PATH);
  return {
    url: urlOf(http, address.host),
    close: async () => {
      await subscriptions.close();
      await apollo.stop();
    },
  };
}

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  next();
};

/** One line a request: never its query, body or variables, which hold what people write. */
function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    // The router shortens `request.path` on its way: it is read before.
    const { method, path } = request;
    response.on('finish', () => {
      const milliseconds = Math.round(performance.now() - started);
      logger.info({ method, path, status: response.statusCode, milliseconds }, 'request');
    });
    next();
  };
}

function health({ store, logger, version }: ApiServices): RequestHandler {
  return async (_request, response) => {
    try {
      const { adapter, schemaVersion } = await store.health();
      response.json({ status: 'ok', version, store: { adapter, schemaVersion } });
    } catch (error) {
      logger.error({ err: error }, 'the store does not answer');
      response.status(503).json({ status: 'unavailable', version });
    }
  };
}

/** Someone who opens the API's address in a browser gets the explorer; GET requests of programs go on. */
const explorerForBrowsers: RequestHandler = (request, response, next) => {
  if (request.query['query'] === undefined && request.accepts(['json', 'html']) === 'html')
    sendExplorerPage(response);
  else next();
};

function refuseTheRest(app: Express, logger: Logger): void {
  app.use((_request, response) => {
    response.status(404).json(errorBody('NOT_FOUND', 'nothing is here: the API is at /graphql'));
  });
  const onError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const status = clientStatus(error);
    if (status === null) {
      logger.error({ err: error }, 'unforeseen error in a request');
      response.status(500).json(errorBody('INTERNAL', 'something went wrong; the log has it'));
    } else response.status(status).json(errorBody('BAD_REQUEST', bodyProblem(status, error as Error)));
  };
  app.use(onError);
}

/** body-parser's errors carry the status that the client's request earns. */
function clientStatus(error: unknown): number | null {
  const status: unknown = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

function bodyProblem(status: number, error: Error): string {
  if (status === 413) return 'the request is larger than this server takes (NEIGHBORKB_MAX_REQUEST_BYTES)';
  if (error instanceof SyntaxError) return 'the body is not JSON';
  return error.message;
}

function errorBody(code: string, message: string): object {
  return { errors: [{ message, extensions: { code } }] };
}

function listen(http: HttpServer, { host, port }: ServerAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      const field = error.code === 'EADDRINUSE' || error.code === 'EACCES' ? 'port' : 'host';
      const message = `cannot listen on ${host}, port ${port}: ${error.code ?? error.message}`;
      reject(new NeighborKbError('INVALID_ARGUMENT', message, [field], { cause: error }));
    };
    http.once('error', onError);
    http.listen(port, host, () => {
      http.off('error', onError);
      resolve();
    });
  });
}

function urlOf(http: HttpServer, host: string): string {
  const { port } = http.address() as AddressInfo; // a TCP server that listens has one
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
