import neo4j from 'neo4j-driver';

const BATCH = 5_000;
const LABEL = 'UnwindAlone';

const MERGE_NODES = `UNWIND $ids AS id MERGE (n:${LABEL} {id: id})`;
const MERGE_RELATIONSHIPS = `
  UNWIND range(0, size($ids) - 1) AS place
  MATCH (a:${LABEL} {id: $ids[place]})
  MATCH (b:${LABEL} {id: $ids[(place + 1) % size($ids)]})
  MERGE (a)-[:UNWIND_ALONE {id: $ids[place]}]->(b)`;

/** A Neo4j server without NeighborKB: what NeighborKB's own speed on it is to be seen beside. */
export class BareNeo4j {
  #driver;
  #session;

  /** @param options `url`, `user`, `password`, `database` of the server */
  constructor({ url, user, password, database }) {
    this.#driver = neo4j.driver(url, neo4j.auth.basic(user, password), {
      telemetryDisabled: true,
      disableLosslessIntegers: true,
    });
    this.#session = this.#driver.session(database === undefined ? {} : { database });
  }

  /** @returns all nodes and relationships in the database, by the server's own counters */
  async counts() {
    const [nodes] = await this.#run('MATCH (n) RETURN count(n) AS count');
    const [relationships] = await this.#run('MATCH ()-[r]->() RETURN count(r) AS count');
    return { nodes: nodes.get('count'), relationships: relationships.get('count') };
  }

  /**
   * The most that the server does with bare nodes and relationships, one property each: UNWIND and MERGE in batches of
   * 5,000 under a uniqueness constraint, one writer. Leaves nothing behind.
   *
   * @param count nodes, and relationships between them; as many before the clock runs
   * @returns nodes and relationships a second
   */
  async unwindAlone(count) {
    await this.#remove();
    await this.#run(`CREATE CONSTRAINT unwind_alone IF NOT EXISTS FOR (n:${LABEL}) REQUIRE n.id IS UNIQUE`);
    try {
      await this.#perSecond(MERGE_NODES, 'warm', count);
      await this.#perSecond(MERGE_RELATIONSHIPS, 'warm', count);
      return {
        nodes: await this.#perSecond(MERGE_NODES, 'timed', count),
        relationships: await this.#perSecond(MERGE_RELATIONSHIPS, 'timed', count),
      };
    } finally {
      await this.#remove();
      await this.#run('DROP CONSTRAINT unwind_alone IF EXISTS');
    }
  }

  async close() {
    await this.#driver.close();
  }

  async #perSecond(statement, name, count) {
    const begun = performance.now();
    for (let start = 0; start < count; start += BATCH)
      await this.#run(statement, {
        ids: Array.from({ length: BATCH }, (_, place) => `${name}-${start + place}`),
      });
    return (1000 * count) / (performance.now() - begun);
  }

  async #remove() {
    await this.#run(`MATCH (n:${LABEL}) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF ${BATCH} ROWS`);
  }

  async #run(statement, parameters = {}) {
    const { records } = await this.#session.run(statement, parameters);
    return records;
  }
}
