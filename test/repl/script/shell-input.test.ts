import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShellInput } from '../../../src/repl/script/shell-input.ts';

function itemsOf(chunks: readonly string[]): string[] {
  const input = new ShellInput();
  const items: string[] = [];
  const drain = (): void => {
    for (let item = input.next(); item !== null; item = input.next()) {
      items.push(
        item.kind === 'cql' ? `${item.statement.line} cql ${item.statement.text}` : `${item.line} cmd ${item.text}`,
      );
    }
  };
  for (const chunk of chunks) {
    input.push(chunk);
    drain();
  }
  input.end();
  drain();
  return items;
}

const SCRIPT = `CONSISTENCY ONE
SELECT *
FROM t ORDER BY c
DESC LIMIT 3;
describe tables
.mode json
USE ks; DESC TABLE t; SELECT 1;
INSERT INTO t (a) VALUES ('
HELP
');
/* multi
SOURCE 'x'
*/ EXPAND ON; SHOW VERSION
BEGIN BATCH
  INSERT INTO t (a) VALUES (1);
  UPDATE t SET a = 2;
APPLY BATCH;
CREATE FUNCTION f () CALLED ON NULL INPUT RETURNS int LANGUAGE java AS $$
  return 1; // HISTORY
  EXIT
$$;
.read 'a;b.cql'
exit`;

const EXPECTED = [
  '1 cmd CONSISTENCY ONE',
  '2 cql SELECT *\nFROM t ORDER BY c\nDESC LIMIT 3',
  '5 cmd describe tables',
  '6 cmd .mode json',
  '7 cql USE ks',
  '7 cmd DESC TABLE t',
  '7 cql SELECT 1',
  "8 cql INSERT INTO t (a) VALUES ('\nHELP\n')",
  '13 cmd EXPAND ON',
  '13 cmd SHOW VERSION',
  '14 cql BEGIN BATCH\n  INSERT INTO t (a) VALUES (1);\n  UPDATE t SET a = 2;\nAPPLY BATCH',
  '18 cql CREATE FUNCTION f () CALLED ON NULL INPUT RETURNS int LANGUAGE java AS $$\n  return 1; // HISTORY\n  EXIT\n$$',
  "22 cmd .read 'a;b.cql'",
  '23 cmd exit',
];

describe('ShellInput', () => {
  it('tells commands from CQL', () => {
    expect(itemsOf([SCRIPT])).toEqual(EXPECTED);
  });

  it('gives the same wherever the chunks are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(SCRIPT.length), { maxLength: 8 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), SCRIPT.length];
        expect(itemsOf(places.slice(1).map((end, i) => SCRIPT.slice(places[i], end)))).toEqual(EXPECTED);
      }),
    );
  });
});
