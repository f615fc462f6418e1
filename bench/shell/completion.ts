// Completion on a schema of a thousand tables: CPU time of a Tab at many places, once warm and the very first.
import { Completer } from '../../src/repl/completion/completer.ts';
import { schemaFromCql } from '../../src/schema/sources/cql-source.ts';

const TABLES = 1_000;
const ROUNDS = 20;

const PLACES = [
  '',
  'SEL',
  'SELECT * FROM ',
  'SELECT * FROM t99',
  'SELECT * FROM t500 WHERE ',
  'SELECT * FROM t500 WHERE k = 1 AND ',
  'SELECT * FROM t500 WHERE k IN (',
  'SELECT v, ',
  'SELECT v, to',
  'SELECT * FROM t500 ORDER BY ',
  'SELECT * FROM t500 LIMIT 10 ',
  'INSERT INTO t',
  'INSERT INTO t500 (k, ',
  'INSERT INTO t500 (k, c) VALUES (1, ',
  'UPDATE t500 SET ',
  "UPDATE t500 SET m['a'] = 1 WHERE ",
  'DELETE FROM t500 WHERE k',
  'BEGIN BATCH INSERT INTO t500 (k) VALUES (1); UPDATE t',
  'CREATE TABLE n (a int PRIMARY KEY) WITH ',
  "CREATE TABLE n (a int PRIMARY KEY) WITH compaction = {'class': '",
  'ALTER TABLE t500 ADD x ',
  'GRANT SELECT ON ',
  'DESCRIBE TABLE ',
  'COPY t500 (',
  "SOURCE '",
];

let ddl = "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};\n";
for (let i = 0; i < TABLES; i++) {
  ddl += `CREATE TABLE k.t${i} (k int, c timestamp, v text, m map<text, int>, l list<double>, PRIMARY KEY (k, c));\n`;
}
const { schema } = schemaFromCql(ddl);

function cpuMillis(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const completer = new Completer(() => ({ schema, keyspace: 'k', directory: '.' }));
const first = cpuMillis(() => completer.complete('SELECT * FROM ', 14));
for (const text of PLACES) completer.complete(text, text.length);
const times: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  for (const text of PLACES) times.push(cpuMillis(() => completer.complete(text, text.length)));
}
times.sort((a, b) => a - b);
const at = (part: number): string => times[Math.floor((times.length - 1) * part)].toFixed(1);
console.log(
  `Tab, ${TABLES} tables            p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms, the first ${first.toFixed(0)} ms (CPU, ${PLACES.length} places)`,
);
