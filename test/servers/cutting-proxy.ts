import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A TCP proxy that passes everything on until it cuts a connection, as networks do. */
export class CuttingProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  /** Connections cut so far. */
  cuts = 0;

  private constructor(
    private readonly server: Server,
    /** Whether to cut the connection over which these bytes from the client were about to travel. */
    private readonly cutsAt: (chunk: Buffer) => 'before' | 'after' | null,
  ) {}

  static async start(target: number, cutsAt: CuttingProxy['cutsAt'] = () => null): Promise<CuttingProxy> {
    const server = createServer();
    const proxy = new CuttingProxy(server, cutsAt);
    server.on('connection', (client) => proxy.pass(client, target));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const pair of this.pairs) cut(pair);
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(client: Socket, target: number): void {
    const server = createConnection(target, '127.0.0.1');
    const pair = [client, server] as const;
    this.pairs.add(pair);
    const end = () => {
      this.pairs.delete(pair);
      cut(pair);
    };
    for (const socket of pair) socket.setNoDelay(true).on('error', end).on('close', end);
    server.on('data', (chunk) => client.write(chunk));
    client.on('data', (chunk) => {
      const when = this.cutsAt(chunk);
      if (when === null) {
        server.write(chunk);
        return;
      }
      this.cuts++;
      if (when === 'before') end();
      // The server does its work, the client never hears of it.
      else server.write(chunk, () => setTimeout(end, 5));
      if (when === 'after') server.pause();
    });
  }
}

function cut(pair: readonly [Socket, Socket]): void {
  for (const socket of pair) socket.destroy();
}

/** Whether bytes of the Bolt protocol are a COMMIT alone: a chunk of two bytes, structure 0xB0 with tag 0x12. */
export function isCommit(chunk: Buffer): boolean {
  return chunk.includes(Buffer.from([0x00, 0x02, 0xb0, 0x12, 0x00, 0x00]));
}
