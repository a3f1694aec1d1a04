import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** PEM files of an authority that nobody knows, and of a server that it vouches for. */
export interface TestCertificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * Makes an authority and a server's certificate, valid for two days.
 * @param folder where the files go
 * @param names of the server, as subjectAltName has them: `DNS:localhost`
 */
export async function makeCertificates(folder: string, names: readonly string[]): Promise<TestCertificates> {
  const file = (name: string) => path.join(folder, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(
    ...['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=NeighborKB test authority'],
    ...['-keyout', file('ca.key'), '-out', file('ca.crt')],
  );
  await openssl(
    ...['req', '-new', ...newKey, '-subj', '/CN=NeighborKB test server'],
    ...['-keyout', file('server.key'), '-out', file('server.csr')],
  );
  await writeFile(file('names'), `subjectAltName=${names.join(',')}\n`);
  await openssl(
    ...['x509', '-req', '-in', file('server.csr'), '-days', '2', '-extfile', file('names')],
    ...['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial', '-out', file('server.crt')],
  );
  return { authority: file('ca.crt'), certificate: file('server.crt'), key: file('server.key') };
}

async function openssl(...args: string[]): Promise<void> {
  await promisify(execFile)('openssl', args);
}
