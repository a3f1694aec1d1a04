// A process whose files may not grow past a limit, as on a full disk: submits documents until it is refused.
// Arguments: the folder of the compiled sources, the queue's file, the migrations. Prints JSON.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, file, migrationsDir] = process.argv.slice(2);
// A write past the limit is to fail instead of ending the process.
process.on('SIGXFSZ', () => undefined);
const { SqliteJobQueue } = await import(pathToFileURL(path.join(dist, 'jobs/sqlite-job-queue.js')).href);
const queue = new SqliteJobQueue({
  ...{ file, migrationsDir, capacity: 100_000, limits: { maxTextLength: 1_000_000 }, ingest: null },
});
await queue.start();
const accepted = [];
let error = null;
while (error === null && accepted.length < 500)
  try {
    const text = `Document ${accepted.length}. ${'word '.repeat(20_000)}`;
    accepted.push((await queue.submit([{ externalId: `d${accepted.length}`, text }])).id);
  } catch (thrown) {
    error = { code: thrown.code, message: thrown.message };
  }
process.stdout.write(JSON.stringify({ accepted, error }));
process.exit(0);
