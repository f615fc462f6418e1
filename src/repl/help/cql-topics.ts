import type { HelpTopic } from './help-topic.ts';

/** CQL by statement, written for this shell. Examples use the tables of the sample database. */
export const CQL_TOPICS: readonly HelpTopic[] = [
  {
    name: 'SELECT',
    about:
      'Reads rows. In explore mode any column may be restricted, sorted and grouped by; a note says what Cassandra would refuse.',
    syntax: `SELECT [JSON] [DISTINCT] * | selector [AS name], …
  FROM [keyspace.]table
  [WHERE relation AND …]
  [GROUP BY column, …] [ORDER BY column [ASC | DESC], …]
  [PER PARTITION LIMIT n] [LIMIT n] [ALLOW FILTERING];`,
    example: `SELECT placed, status, total FROM shop.orders_by_customer
 WHERE customer = 02ad9d2b-004b-4fd0-99df-209bca5d5e7d AND placed >= '2024-01-01' LIMIT 10;`,
  },
  {
    name: 'WHERE',
    about:
      'Which rows. A partition key restricted by = or IN reads only its partitions; clustering columns narrow from left to right.',
    syntax: `column = term            column IN (term, …)          column < | <= | > | >= term
(a, b) > (term, term)    (a, b) IN ((…), …)           token(key) > token(term)
column CONTAINS term     column CONTAINS KEY term     map[key] = term
column LIKE '%text%'     (with an index; anywhere in explore mode)`,
    example: `SELECT * FROM shop.sensor_readings
 WHERE warehouse = 'LIS' AND sensor = 1 AND at < '2024-03-02';`,
  },
  {
    name: 'ORDER BY',
    about:
      'Within a partition rows are stored in clustering order; ORDER BY may ask for that order or its reverse. Explore mode sorts by anything.',
    syntax: `ORDER BY column [ASC | DESC], …
ORDER BY vector_column ANN OF [0.1, 0.2, …] LIMIT n`,
    example: `SELECT sku, title FROM shop.products ORDER BY embedding ANN OF [0.1, 0.2, 0.3, 0.4] LIMIT 3;`,
  },
  {
    name: 'GROUP BY',
    about:
      'One row for each group. Cassandra groups by primary key columns from left to right; explore mode by any expressions, with HAVING.',
    syntax: 'GROUP BY column, …    (explore: GROUP BY expression, … [HAVING condition])',
    example: `SELECT warehouse, sensor, avg(temperature) FROM shop.sensor_readings GROUP BY warehouse, sensor;`,
  },
  {
    name: 'AGGREGATES',
    about: 'Functions over all rows of a group. sum and avg keep the column’s type, as in Cassandra.',
    syntax: `count(*)  count(column)  min(x)  max(x)  sum(x)  avg(x)
explore: count(DISTINCT x)  median(x)  percentile(x, p)  stddev(x)  approx_count_distinct(x)  histogram(x, n)`,
    example: 'SELECT count(*), avg(temperature) FROM shop.sensor_readings;',
  },
  {
    name: 'FUNCTIONS',
    about: 'Native functions of Cassandra 5.0.',
    syntax: `uuid()  now()  current_timestamp()  to_date(x)  to_timestamp(x)  to_unix_timestamp(x)
token(key, …)  writetime(c)  maxwritetime(c)  ttl(c)  cast(x AS type)
abs exp log log10 round   to_json from_json   blob_as_…  …_as_blob
map_keys map_values collection_count collection_min collection_max collection_sum collection_avg
similarity_cosine similarity_euclidean similarity_dot_product   mask_…`,
    example: 'SELECT title, writetime(price), to_json(specs) FROM shop.products LIMIT 3;',
  },
  {
    name: 'JSON',
    about: 'Rows as JSON text, and JSON text as a row.',
    syntax: `SELECT JSON * | columns FROM …
INSERT INTO table JSON '{…}' [DEFAULT NULL | UNSET];`,
    example: 'SELECT JSON sku, price FROM shop.products LIMIT 2;',
  },
  {
    name: 'INSERT',
    about: 'Writes a row; what was there of the same primary key is overwritten column by column.',
    syntax: `INSERT INTO [keyspace.]table (column, …) VALUES (term, …)
  [IF NOT EXISTS] [USING TIMESTAMP micros [AND TTL seconds]];`,
    example: `INSERT INTO shop.products (sku, title, stock) VALUES ('SKU-9001', 'Paper Lamp', 3) USING TTL 86400;`,
  },
  {
    name: 'UPDATE',
    about: 'Changes columns of rows; a row that is not there is made. Counters only change by UPDATE.',
    syntax: `UPDATE [keyspace.]table [USING TIMESTAMP micros | TTL seconds [AND …]]
  SET column = term, column = column + term, map[key] = term, udt.field = term
  WHERE primary key [IF EXISTS | IF condition AND …];`,
    example: `UPDATE shop.products SET stock = 12, categories = categories + ['clearance'] WHERE sku = 'SKU-0001';`,
  },
  {
    name: 'DELETE',
    about: 'Deletes columns, rows, ranges of rows or partitions, by writing tombstones.',
    syntax: `DELETE [column, map[key], …] FROM [keyspace.]table [USING TIMESTAMP micros]
  WHERE primary key or a beginning of it [IF EXISTS | IF condition AND …];`,
    example: `DELETE FROM shop.sensor_readings WHERE warehouse = 'AUS' AND sensor = 0 AND at < '2024-03-01 12:00';`,
  },
  {
    name: 'BATCH',
    about: 'Several writes with one timestamp, applied together.',
    syntax: `BEGIN [UNLOGGED | COUNTER] BATCH [USING TIMESTAMP micros]
  insert | update | delete; …
APPLY BATCH;`,
    example: `BEGIN BATCH
  UPDATE shop.products SET stock = 1 WHERE sku = 'SKU-0001';
  DELETE specs['origin'] FROM shop.products WHERE sku = 'SKU-0002';
APPLY BATCH;`,
  },
  {
    name: 'TRUNCATE',
    about: 'Removes all rows of a table.',
    syntax: 'TRUNCATE [TABLE] [keyspace.]table;',
    example: 'TRUNCATE shop.sessions;',
  },
  {
    name: 'USE',
    about: 'The keyspace of names without one.',
    syntax: 'USE keyspace;',
    example: 'USE shop;',
  },
  {
    name: 'CREATE KEYSPACE',
    about: 'Makes a keyspace. Replication matters once its SSTables are loaded into a cluster; here it is only kept.',
    syntax: `CREATE KEYSPACE [IF NOT EXISTS] name
  WITH replication = {'class': 'SimpleStrategy', 'replication_factor': n} [AND durable_writes = true | false];`,
    example: `CREATE KEYSPACE lab WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};`,
  },
  {
    name: 'ALTER KEYSPACE',
    about: 'Changes replication or durable_writes.',
    syntax: 'ALTER KEYSPACE [IF EXISTS] name WITH replication = {…} [AND durable_writes = true | false];',
    example: `ALTER KEYSPACE shop WITH durable_writes = true;`,
  },
  {
    name: 'DROP KEYSPACE',
    about: 'Drops a keyspace with all its tables.',
    syntax: 'DROP KEYSPACE [IF EXISTS] name;',
    example: 'DROP KEYSPACE IF EXISTS lab;',
  },
  {
    name: 'CREATE TABLE',
    about:
      'Makes a table. The first part of the primary key is the partition key; the rest orders rows within a partition.',
    syntax: `CREATE TABLE [IF NOT EXISTS] [keyspace.]name (
  column type [STATIC] [PRIMARY KEY], …
  [PRIMARY KEY ((partition, key), clustering, …)]
) [WITH CLUSTERING ORDER BY (c DESC) AND option = value AND …];`,
    example: `CREATE TABLE shop.page_notes (page text, at timestamp, note text, PRIMARY KEY (page, at))
  WITH CLUSTERING ORDER BY (at DESC) AND default_time_to_live = 86400;`,
  },
  {
    name: 'ALTER TABLE',
    about: 'Adds, drops or renames columns, or changes options.',
    syntax: `ALTER TABLE [keyspace.]name ADD column type, …;
ALTER TABLE name DROP column [USING TIMESTAMP micros];
ALTER TABLE name RENAME key TO key2;
ALTER TABLE name WITH option = value AND …;`,
    example: 'ALTER TABLE shop.customers ADD nickname text;',
  },
  {
    name: 'DROP TABLE',
    about: 'Drops a table and its data.',
    syntax: 'DROP TABLE [IF EXISTS] [keyspace.]name;',
    example: 'DROP TABLE IF EXISTS shop.page_notes;',
  },
  {
    name: 'CREATE TYPE',
    about: 'Makes a user-defined type; frozen<…> stores a value of it as one cell.',
    syntax: 'CREATE TYPE [IF NOT EXISTS] [keyspace.]name (field type, …);',
    example: 'CREATE TYPE shop.dimensions (width int, height int, depth int);',
  },
  {
    name: 'ALTER TYPE',
    about: 'Adds or renames fields.',
    syntax: 'ALTER TYPE name ADD field type;   ALTER TYPE name RENAME field TO field2;',
    example: 'ALTER TYPE shop.address ADD floor int;',
  },
  {
    name: 'DROP TYPE',
    about: 'Drops a type that nothing uses.',
    syntax: 'DROP TYPE [IF EXISTS] name;',
    example: 'DROP TYPE IF EXISTS shop.dimensions;',
  },
  {
    name: 'CREATE INDEX',
    about: 'Lets a query restrict a column without ALLOW FILTERING. Here indexed queries are answered by scanning.',
    syntax: `CREATE [CUSTOM] INDEX [IF NOT EXISTS] [name] ON table (column | keys(c) | values(c) | entries(c) | full(c))
  [USING 'sai' | 'class'] [WITH OPTIONS = {…}];`,
    example: `CREATE INDEX ON shop.customers (email) USING 'sai';`,
  },
  {
    name: 'DROP INDEX',
    about: 'Drops an index.',
    syntax: 'DROP INDEX [IF EXISTS] [keyspace.]name;',
    example: 'DROP INDEX IF EXISTS shop.customers_email_idx;',
  },
  {
    name: 'CREATE MATERIALIZED VIEW',
    about:
      'Declares a view. Views found in a directory are read; views of a database here are kept in the schema only.',
    syntax: `CREATE MATERIALIZED VIEW [IF NOT EXISTS] name AS SELECT columns FROM table
  WHERE key IS NOT NULL AND … PRIMARY KEY (…) [WITH option = value];`,
    example: `CREATE MATERIALIZED VIEW shop.customers_by_email AS SELECT * FROM shop.customers
  WHERE email IS NOT NULL AND id IS NOT NULL PRIMARY KEY (email, id);`,
  },
  {
    name: 'ALTER MATERIALIZED VIEW',
    about: 'Changes a view’s options.',
    syntax: 'ALTER MATERIALIZED VIEW name WITH option = value;',
    example: `ALTER MATERIALIZED VIEW shop.customers_by_email WITH comment = 'lookup';`,
  },
  {
    name: 'DROP MATERIALIZED VIEW',
    about: 'Drops a view.',
    syntax: 'DROP MATERIALIZED VIEW [IF EXISTS] name;',
    example: 'DROP MATERIALIZED VIEW IF EXISTS shop.customers_by_email;',
  },
  {
    name: 'CREATE FUNCTION',
    about: 'Declares a function in Java. It is stored and described; calling it is refused for now.',
    syntax: `CREATE [OR REPLACE] FUNCTION [IF NOT EXISTS] name (argument type, …)
  CALLED | RETURNS NULL ON NULL INPUT RETURNS type LANGUAGE java AS $$ body $$;`,
    example: `CREATE FUNCTION shop.plus_one (x int) RETURNS NULL ON NULL INPUT RETURNS int
  LANGUAGE java AS $$ return x + 1; $$;`,
  },
  {
    name: 'DROP FUNCTION',
    about: 'Drops a function; argument types choose among several.',
    syntax: 'DROP FUNCTION [IF EXISTS] name [(type, …)];',
    example: 'DROP FUNCTION IF EXISTS shop.plus_one (int);',
  },
  {
    name: 'CREATE AGGREGATE',
    about: 'Declares an aggregate of a state function and a final function.',
    syntax: `CREATE [OR REPLACE] AGGREGATE [IF NOT EXISTS] name (type, …)
  SFUNC function STYPE type [FINALFUNC function] [INITCOND term];`,
    example: `CREATE FUNCTION shop.add_ints (a int, b int) CALLED ON NULL INPUT RETURNS int
  LANGUAGE java AS $$ return a + b; $$;
CREATE AGGREGATE shop.total (int) SFUNC add_ints STYPE int INITCOND 0;`,
  },
  {
    name: 'DROP AGGREGATE',
    about: 'Drops an aggregate.',
    syntax: 'DROP AGGREGATE [IF EXISTS] name [(type, …)];',
    example: 'DROP AGGREGATE IF EXISTS shop.total (int);',
  },
  {
    name: 'CREATE TRIGGER',
    about:
      'Declares a class to be run with each write. There are no classes here: it is refused, as by a node that has not the class.',
    syntax: `CREATE TRIGGER [IF NOT EXISTS] name ON table USING 'class';`,
    example: `CREATE TRIGGER audit ON shop.customers USING 'org.example.Audit';`,
  },
  {
    name: 'DROP TRIGGER',
    about: 'Drops a trigger.',
    syntax: 'DROP TRIGGER [IF EXISTS] name ON table;',
    example: 'DROP TRIGGER IF EXISTS audit ON shop.customers;',
  },
  {
    name: 'CREATE ROLE',
    about:
      'Declares a role. A directory has no users: roles and permissions are refused, as by a node without authentication.',
    syntax: `CREATE ROLE [IF NOT EXISTS] name WITH PASSWORD = '…' AND LOGIN = true AND SUPERUSER = false;`,
    example: `CREATE ROLE analyst WITH LOGIN = true AND PASSWORD = 'choose one';`,
  },
  {
    name: 'ALTER ROLE',
    about: 'Changes a role. Refused here: HELP CREATE ROLE.',
    syntax: 'ALTER ROLE [IF EXISTS] name WITH option = value AND …;',
    example: 'ALTER ROLE analyst WITH LOGIN = false;',
  },
  {
    name: 'DROP ROLE',
    about: 'Drops a role. Refused here: HELP CREATE ROLE.',
    syntax: 'DROP ROLE [IF EXISTS] name;',
    example: 'DROP ROLE IF EXISTS analyst;',
  },
  {
    name: 'GRANT',
    about: 'Gives a permission or a role. Refused here: HELP CREATE ROLE.',
    syntax: 'GRANT permission ON resource TO role;   GRANT role TO role;',
    example: 'GRANT SELECT ON KEYSPACE shop TO analyst;',
  },
  {
    name: 'REVOKE',
    about: 'Takes a permission or a role back. Refused here: HELP CREATE ROLE.',
    syntax: 'REVOKE permission ON resource FROM role;   REVOKE role FROM role;',
    example: 'REVOKE SELECT ON KEYSPACE shop FROM analyst;',
  },
  {
    name: 'LIST PERMISSIONS',
    about: 'Who may do what. Refused here: HELP CREATE ROLE.',
    syntax: 'LIST [ALL PERMISSIONS | permission] [ON resource] [OF role] [NORECURSIVE];',
    example: 'LIST ALL PERMISSIONS OF analyst;',
  },
  {
    name: 'LIST ROLES',
    about: 'Roles, or those granted to one. Refused here: HELP CREATE ROLE.',
    syntax: 'LIST ROLES [OF role] [NORECURSIVE];',
    example: 'LIST ROLES;',
  },
  {
    name: 'EXPLAIN',
    about:
      'The plan of a SELECT in words; ANALYZE runs it and adds rows, time, SSTables, blocks and bytes. Not in Cassandra.',
    syntax: 'EXPLAIN [ANALYZE] SELECT …;',
    example: `EXPLAIN SELECT * FROM shop.sensor_readings WHERE warehouse = 'LIS' AND sensor = 1 LIMIT 5;`,
  },
  {
    name: 'CASSETTE KEYSPACE',
    about: 'What the files say and CQL cannot show: tables of the keyspace `cassette`.',
    syntax: `cassette.sstables     every SSTable with its sizes, times and levels
cassette.partitions   partitions by size, rows, cells, tombstones
cassette.tombstones   what is droppable now, and which SSTable blocks it
cassette.cells        raw cells with source file, timestamps, TTL, and what shadows them`,
    example: `SELECT * FROM cassette.cells WHERE keyspace_name = 'shop' AND table_name = 'products' LIMIT 20;`,
  },
  {
    name: 'COPY',
    about:
      'Rows of a table or a query to a file, or files into a table. The file’s name tells its format: CSV, TSV and JSON lines both ways, Parquet and Arrow only TO.',
    syntax: `COPY table [(columns)] TO 'file' | STDOUT [WITH option = value AND …];
COPY (SELECT …) TO 'file' [WITH …];
COPY table [(columns)] FROM 'file, other*.csv' | STDIN [WITH option = value AND …];

both   HEADER false   DELIMITER ','   QUOTE '"'   ESCAPE '\\'   NULL ''   FORMAT csv | tsv | jsonl | …
       DATETIMEFORMAT '%Y-%m-%d %H:%M:%S%z'   BOOLSTYLE 'True,False'   DECIMALSEP '.'   THOUSANDSSEP ''
TO     MAXOUTPUTSIZE rows   BEGINTOKEN n   ENDTOKEN n   FLOATPRECISION digits   DOUBLEPRECISION digits
FROM   MAXROWS n   SKIPROWS n   SKIPCOLS 'a,b'   TTL seconds   MAXPARSEERRORS n   ERRFILE 'file'
       a row that cannot be read goes to ERRFILE (import_ks_table.err), and the others go on`,
    example: `COPY shop.products (sku, title, price) TO 'products.csv' WITH HEADER = true;`,
  },
  {
    name: 'TYPES',
    about: 'CQL’s types and their literals.',
    syntax: `ascii text varchar   'it''s'            tinyint smallint int bigint varint   42
float double decimal 1.5  1e10  NaN     boolean   true
uuid timeuuid        123e4567-e89b-12d3-a456-426614174000      blob  0xcafe
timestamp            '2024-03-01 12:30:00+0100'  1709294400000
date '2024-03-01'    time '12:30:00.123'         duration  1h30m  P1Y2M  1y2mo3d
inet '10.0.0.1'      list [1, 2]   set {1, 2}    map {'a': 1}   tuple (1, 'a')
UDT {street: '…', zip: '…'}        vector<float, 3> [0.1, 0.2, 0.3]    frozen<…>   counter`,
    example: `SELECT (map<text, int>){'a': 1}, 1h30m;`,
  },
];
