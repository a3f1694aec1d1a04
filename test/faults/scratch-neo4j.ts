
import { spawn, execSync } from 'node:child_process';
import { readFileSync, writeFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import neo4j from 'neo4j-driver';
import { describe } from 'vitest';
export function describeMine(name: string, define: (f: any) => void) {
  const driver = neo4j.driver('neo4j://127.0.0.1:27687', neo4j.auth.basic('neo4j', 'x'), { disableLosslessIntegers: true });
  const run = async (q: string) => { const s = driver.session(); try { await s.run(q); } finally { await s.close(); } };
  const pid = () => Number(readFileSync('/tmp/jneo/java.pid', 'utf8'));
  const server = {
    url: 'neo4j://127.0.0.1:27687', user: 'neo4j', password: 'x',
    async stop() { process.kill(pid(), 'SIGTERM'); for (;;) { try { process.kill(pid(), 0); } catch { return; } await delay(100); } },
    async resume() {
      rmSync('/tmp/jneo/logs/neo4j.log', { force: true });
      const c = spawn('bash', ['/tmp/jneo/start.sh'], { detached: true, stdio: 'ignore' }); c.unref();
      writeFileSync('/tmp/jneo/java.pid', String(c.pid));
      for (;;) { try { if (/Started\.\s*$/m.test(readFileSync('/tmp/jneo/logs/neo4j.log', 'utf8'))) return; } catch {} await delay(100); }
    },
  };
  describe(name, () => define({ server, driver, wipe: () => run("MATCH (n) WHERE NOT n:SchemaMigration AND NOT n:SchemaLock DETACH DELETE n") }));
}
