import { buildIndex } from './build-index.js';
import { IndexSearch } from './index-search.js';
import { loadFaiss } from './library.js';
import type { Conversation, FromProcess, OpenRequest, ToProcess, Verb } from './messages.js';

/*
 * A process that holds one index and answers its parent, one request after the other. It ends with its parent. What
 * goes wrong in the library ends this process and nothing else.
 */

let search: IndexSearch | undefined;

async function answer(
  { id, request }: ToProcess,
  send: (message: FromProcess) => void,
): Promise<Conversation[Verb]['answer']> {
  switch (request.do) {
    case 'build':
      return buildIndex(request, (done, total) => {
        send({ id, is: 'progress', done, total });
      });
    case 'open':
      search = open(request);
      return null;
    case 'search':
      if (!search) throw new Error('no index is open');
      return search.search(request.queries, request.k);
  }
}

function open({ indexPath, keys, candidatesPerNeighbour, threads }: OpenRequest): IndexSearch {
  return new IndexSearch(loadFaiss(threads).Index.read(indexPath), keys, candidatesPerNeighbour);
}

function send(message: FromProcess): void {
  process.send?.(message);
}

let queue = Promise.resolve();
process.on('message', (message: ToProcess) => {
  queue = queue.then(async () => {
    const { id } = message;
    try {
      send({ id, is: 'answer', answer: await answer(message, send) });
    } catch (error) {
      const { name, message: reason } = error as Error;
      send({ id, is: 'error', name, message: reason });
    }
  });
});
process.on('disconnect', () => {
  process.exit();
});
