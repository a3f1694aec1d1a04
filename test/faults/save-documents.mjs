// A process to be killed: saves documents one after another and says so once each is acknowledged.
// Arguments: the compiled store module, the database file, the migrations, a file of serialised documents.
import { readFile } from 'node:fs/promises';
import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { deserialize } from 'node:v8';

const [module, file, migrationsDir, documentsFile] = process.argv.slice(2);
const { SqliteGraphStore } = await import(pathToFileURL(module).href);
const documents = deserialize(await readFile(documentsFile));

const store = new SqliteGraphStore({ file, migrationsDir });
await store.open();
for (;;)
  for (const document of documents) {
    const { change } = await store.saveDocument(document);
    // Synchronous: an acknowledgement must not wait in a buffer.
    writeSync(1, `${document.document.externalId}\t${document.document.revision}\t${change}\n`);
  }
