import { CellFlag, UnfilteredFlag } from '../../sstable/data/unfiltered-format.ts';
import type { ValueFilter } from '../filter-rows.ts';
import { NULL_VALUE } from '../row-batch.ts';
import { type ColumnsLayout, NO_SLOT, type RowLayout } from './row-layout.ts';

const { END_OF_PARTITION, HAS_TIMESTAMP, HAS_TTL, HAS_ALL_COLUMNS, HAS_COMPLEX_DELETION } = UnfilteredFlag;
const { USE_ROW_TIMESTAMP, USE_ROW_TTL, IS_EXPIRING } = CellFlag;
const NOT_PLAIN_ROW = 0xff & ~(HAS_TIMESTAMP | HAS_TTL | HAS_ALL_COLUMNS | HAS_COMPLEX_DELETION);
const EXPIRING_WITH_ROW = USE_ROW_TIMESTAMP | USE_ROW_TTL | IS_EXPIRING;
/** More than all vints, flags and the header of a row or a partition take before its clustering. */
const HEAD_BYTES = 96;
/** Behind these the bitmap of missing columns has another form, or bits that do not fit. */
const MAX_COLUMNS = 30;

/**
 * The body of a `PlainRows` for one layout and the forms of the filters: made of numbers and names of types only. `delivers`:
 * rows go to the batch; else they are counted.
 */
export function plainRowsText(layout: RowLayout, filters: readonly ValueFilter[], delivers: boolean): string {
  return new PlainRowsText(layout, filters, delivers).text();
}

/** Of a slot: the names of its bytes, start and end in the text. */
interface Value {
  readonly source: string;
  readonly start: string;
  readonly end: string;
}

class PlainRowsText {
  private readonly layout: RowLayout;
  private readonly filters: readonly ValueFilter[];
  private readonly values = new Map<number, Value>();
  private readonly isRowPartition: boolean;
  /** Rows go to the batch. */
  private readonly delivers: boolean;

  constructor(layout: RowLayout, filters: readonly ValueFilter[], delivers: boolean) {
    this.layout = layout;
    this.filters = filters;
    this.delivers = delivers;
    this.isRowPartition = layout.isRowPartition;
    const { keySlots, clusteringSlots, regulars, statics, absentSlots } = layout;
    for (const [k, slot] of keySlots.entries()) this.name(slot, { source: 'kb', start: `k${k}s`, end: `k${k}e` });
    for (const [k, slot] of clusteringSlots.entries()) this.name(slot, { source: 'b', start: `l${k}s`, end: `l${k}e` });
    for (const [c, slot] of regulars.slots.entries()) {
      const own = { source: 'b', start: `c${c}s`, end: `c${c}e` };
      const made = { source: `B${slot}[i]`, start: `S${slot}[i]`, end: `E${slot}[i]` };
      this.name(slot, regulars.isComplex[c] === 0 ? own : made);
    }
    for (const slot of statics.storedSlots) {
      this.name(slot, { source: `t${slot}b`, start: `t${slot}s`, end: `t${slot}e` });
    }
    for (const slot of absentSlots) this.name(slot, { source: 'b', start: '0', end: String(NULL_VALUE) });
  }

  private name(slot: number, value: Value): void {
    if (slot !== NO_SLOT) this.values.set(slot, value);
  }

  text(): string {
    return `${this.declarations()}
rows: while (i < maxRows && p < stop && p + ${HEAD_BYTES} <= limit) {
q = p;
${this.isRowPartition ? this.partitionHead() : this.nextPartition()}
f = b[q++];
if ((f & ${NOT_PLAIN_ROW}) !== 0) break;
${this.clustering()}
${vint('n')}
re = q + n;
if (re ${this.isRowPartition ? '>=' : '>'} limit) break;
${this.isRowPartition ? `if (b[re] !== ${END_OF_PARTITION}) break;` : ''}
${SKIP_VINT}
${this.liveness()}
${this.cells(this.layout.regulars)}
if (!live || q > re) break;
${this.deliver()}
}
run.rows = i; run.ordinal = ordinal; run.partitions = partitions; run.seen = seen;
${this.isRowPartition ? '' : this.keepPartition()}
return p;`;
  }

  private declarations(): string {
    const { keyComponents, clusteringLengths, regulars, statics } = this.layout;
    const names = ['q = 0, f = 0, n = 0, x = 0, missing = 0, re = 0, partitions = 0, seen = 0', 'live = false'];
    names.push('cellFlags = 0', 'i = run.rows', 'ordinal = run.ordinal', 'kb = run.keySource');
    names.push('ks = run.keyStart', 'ke = run.keyEnd', 'hs = 0', 'he = 0');
    for (let k = 0; k < keyComponents; k++) names.push(`k${k}s = run.keyStarts[${k}]`, `k${k}e = run.keyEnds[${k}]`);
    for (let k = 0; k < keyComponents; k++) names.push(`h${k}s = 0, h${k}e = 0`);
    for (const k of clusteringLengths.keys()) names.push(`l${k}s = 0, l${k}e = 0`);
    for (let c = 0; c < regulars.wantedEnd; c++)
      if (regulars.slots[c] !== NO_SLOT) names.push(`c${c}s = 0, c${c}e = 0`);
    const constants = ['now = run.nowSeconds', 'minLocal = run.minLocalSeconds'];
    for (const slot of statics.storedSlots) {
      constants.push(`t${slot} = run.statics[${slot}]`, `t${slot}b = t${slot}.end[0] < 0 ? b : t${slot}.source[0]`);
      constants.push(`t${slot}s = t${slot}.start[0]`, `t${slot}e = t${slot}.end[0]`);
    }
    if (this.delivers) {
      constants.push('ordinals = batch.partitionOrdinal');
      constants.push('keySources = batch.keySource, keyStarts = batch.keyStart, keyEnds = batch.keyEnd');
    }
    for (const slot of this.delivered()) {
      constants.push(`v${slot} = batch.columns[${slot}]`);
      constants.push(`B${slot} = v${slot}.source, S${slot} = v${slot}.start, E${slot} = v${slot}.end`);
    }
    for (const [k, { form }] of this.filters.entries()) {
      if (form !== 'null' && form !== 'notNull') constants.push(`test${k} = filters[${k}].test`);
      if (form.startsWith('number')) {
        constants.push(`number${k} = filters[${k}].numberOf, operand${k} = filters[${k}].operand`);
        constants.push(`less${k} = filters[${k}].less, greater${k} = filters[${k}].greater`);
      }
    }
    return `const ${constants.join(',\n')};\nlet ${names.join(',\n')};`;
  }

  /** Slots whose vectors are written; those that no row of the file has are null already. */
  private delivered(): number[] {
    const { absentSlots } = this.layout;
    return [...this.values.keys()].filter((slot) => !absentSlots.includes(slot));
  }

  /** In a clustered partition: passes its end and the head of the next one. */
  private nextPartition(): string {
    if (this.layout.statics.count > 0) return '';
    return `he = 0;
if (b[q] === ${END_OF_PARTITION}) {
q++;
${this.partitionHead()}
}`;
  }

  private partitionHead(): string {
    const { hasUintDeletionTime, keyComponents } = this.layout;
    const deletion = hasUintDeletionTime
      ? 'if ((b[q++] & 0x80) === 0) break;'
      : 'if (b[q] !== 0x7f || b[q + 4] !== 0x80) break;\nq += 12;';
    const lines = [
      'if (q >= end) break;',
      'hs = q + 2;',
      'he = hs + ((b[q] << 8) | b[q + 1]);',
      `if (he + ${HEAD_BYTES} > limit) break;`,
      'q = he;',
      deletion,
    ];
    if (keyComponents === 1) lines.push('h0s = hs; h0e = he;');
    else {
      lines.push('x = hs;');
      for (let k = 0; k < keyComponents; k++) {
        lines.push(`h${k}s = x + 2; h${k}e = h${k}s + ((b[x] << 8) | b[x + 1]); x = h${k}e + 1;`);
        lines.push('if (x > he) break;');
      }
    }
    return lines.join('\n');
  }

  /** The head of a partition counts once a row of it was read. */
  private takePartition(): string {
    const lines = ['partitions++; ordinal++; kb = b; ks = hs; ke = he;'];
    for (let k = 0; k < this.layout.keyComponents; k++) lines.push(`k${k}s = h${k}s; k${k}e = h${k}e;`);
    const taken = lines.join(' ');
    if (this.isRowPartition) return taken;
    return this.layout.statics.count > 0 ? '' : `if (he !== 0) { ${taken} }`;
  }

  private keepPartition(): string {
    const lines = ['run.keySource = kb; run.keyStart = ks; run.keyEnd = ke;'];
    for (let k = 0; k < this.layout.keyComponents; k++) {
      lines.push(`run.keyStarts[${k}] = k${k}s; run.keyEnds[${k}] = k${k}e;`);
    }
    return lines.join('\n');
  }

  private clustering(): string {
    const { clusteringLengths } = this.layout;
    const lines: string[] = [];
    for (const [k, fixed] of clusteringLengths.entries()) {
      // A header of one byte for up to three values, and so on: zero says that all are there.
      if (k % 32 === 0) lines.push('if (b[q++] !== 0) break;');
      if (fixed < 0) lines.push(vint('n'));
      lines.push(`l${k}s = q; q += ${fixed < 0 ? 'n' : fixed}; l${k}e = q;`);
      lines.push(`if (q + ${HEAD_BYTES} > limit) break;`);
    }
    return lines.join('\n');
  }

  /** Behind the sizes: timestamp, TTL and expiry of the row, the bitmap of missing columns. */
  private liveness(): string {
    const { needsLiveness } = this.layout.regulars;
    return `live = false;
local = 0;
cellFlags = ${USE_ROW_TIMESTAMP};
if ((f & ${HAS_TIMESTAMP}) !== 0) {
${SKIP_VINT}
live = true;
if ((f & ${HAS_TTL}) !== 0) {
${SKIP_VINT}
n = b[q++];
x = n < 0x80 ? 0 : Math.clz32(~(n << 24));
n = x >= 7 ? 0 : n & (0xff >> (x + 1));
while (x-- > 0) n = (n << 8) | b[q++];
local = (n + minLocal) >>> 0;
if (now >= local) break;
cellFlags = ${EXPIRING_WITH_ROW};
}
}
${needsLiveness ? 'else break;' : ''}
missing = 0;
if ((f & ${HAS_ALL_COLUMNS}) === 0) {
${vint('missing')}
}`;
  }

  private cells(columns: ColumnsLayout): string {
    const { count, wantedEnd, lengths, slots, isKnown, isComplex } = columns;
    const lines: string[] = [...this.filtersOf((value) => !/^[cS]/.test(value.start))];
    if (count > MAX_COLUMNS) lines.push('if (missing !== 0) break;');
    for (let c = 0; c < wantedEnd; c++) {
      const slot = slots[c];
      const isWanted = slot !== NO_SLOT;
      if (isComplex[c] !== 0) {
        lines.push(...this.complexCells(columns, c));
        continue;
      }
      if (count <= MAX_COLUMNS) {
        lines.push(`if ((missing & ${1 << c}) !== 0) ${isWanted ? `c${c}e = ${NULL_VALUE};` : '{}'}`, 'else {');
      } else lines.push('{');
      lines.push(
        'x = b[q++];',
        `if (x !== cellFlags && x !== ${USE_ROW_TIMESTAMP}) {\nif (x !== 0) break;\n${SKIP_VINT}\n}`,
      );
      if (isKnown[c] !== 0) lines.push('live = true;');
      if (lengths[c] < 0) lines.push(vint('n'));
      const length = lengths[c] < 0 ? 'n' : lengths[c];
      lines.push(isWanted ? `c${c}s = q; q += ${length}; c${c}e = q;` : `q += ${length};`, '}');
      if (isWanted) lines.push(...this.filtersOf((value) => value.start === `c${c}s`));
    }
    return lines.join('\n');
  }

  private complexCells({ count, slots, isKnown }: ColumnsLayout, c: number): string[] {
    const slot = slots[c];
    const lines: string[] = [];
    if (count <= MAX_COLUMNS) {
      lines.push(
        `if ((missing & ${1 << c}) !== 0) ${slot === NO_SLOT ? '{}' : `E${slot}[i] = ${NULL_VALUE};`}`,
        'else',
      );
    }
    const isLive = isKnown[c] === 0 ? '' : ' if (run.cells.isComplexAlive) live = true;';
    lines.push(`{ q = run.cells.passComplex(${c}, q, re, f, local, i);${isLive} }`);
    if (slot !== NO_SLOT) lines.push(...this.filtersOf((value) => value.start === `S${slot}[i]`));
    return lines;
  }

  /** The filters on some of the values. A row that they refuse is passed, unless its visibility is not known yet. */
  private filtersOf(isOfThese: (value: Value) => boolean): string[] {
    return this.filters.flatMap(({ column, form }, k) => {
      const value = this.values.get(column);
      if (value === undefined || !isOfThese(value)) return [];
      const { source, start, end } = this.valueInRow(value);
      const range = `${source}, ${start}, ${end}`;
      const refuse = `{ if (!live || q > re) break; ${this.pass()} continue; }`;
      if (form === 'null') return [`if (${end} >= 0) ${refuse}`];
      if (form === 'notNull') return [`if (${end} < 0) ${refuse}`];
      if (form === 'value') return [`if (q > re) break;`, `if (${end} < 0 || !test${k}(${range})) ${refuse}`];
      return [
        `if (q > re) break;`,
        `if (${end} < 0) ${refuse}`,
        // The form stands in the text, so that types do not share a function, nor what is learnt of it.
        `x = number${k}(${range}); // ${form}`,
        `if (x < operand${k} ? !less${k} : x > operand${k} ? !greater${k} : !test${k}(${range})) ${refuse}`,
      ];
    });
  }

  /** A key's value while its partition has not been taken yet. */
  private valueInRow(value: Value): Value {
    if (value.source !== 'kb') return value;
    const head = { source: 'b', start: value.start.replace('k', 'h'), end: value.end.replace('k', 'h') };
    if (this.isRowPartition) return head;
    if (this.layout.statics.count > 0) return value;
    const choose = (a: string, b: string): string => `(he !== 0 ? ${a} : ${b})`;
    return {
      source: choose(head.source, value.source),
      start: choose(head.start, value.start),
      end: choose(head.end, value.end),
    };
  }

  /** Goes behind the row. */
  private pass(): string {
    return `${this.takePartition()} seen++; p = re${this.isRowPartition ? ' + 1' : ''};`;
  }

  private deliver(): string {
    const lines = [this.pass()];
    for (const slot of this.delivered()) {
      const value = this.values.get(slot);
      // The values of multi-cell columns stand in the batch already.
      if (value === undefined || value.start.startsWith('S')) continue;
      const { source, start, end } = value;
      lines.push(
        `if (B${slot}[i] !== ${source}) B${slot}[i] = ${source}; S${slot}[i] = ${start}; E${slot}[i] = ${end};`,
      );
    }
    if (this.delivers) {
      lines.push('ordinals[i] = ordinal;');
      lines.push('if (keySources[i] !== kb) keySources[i] = kb; keyStarts[i] = ks; keyEnds[i] = ke;');
    }
    lines.push('i++;');
    return lines.join('\n');
  }
}

/** An unsigned vint of one or two bytes into a variable; what is longer is not plain. */
function vint(name: string): string {
  return `${name} = b[q++];
if (${name} >= 0x80) {
if (${name} >= 0xc0) break;
${name} = ((${name} & 0x3f) << 8) | b[q++];
}`;
}

const SKIP_VINT = 'x = b[q++]; if (x >= 0x80) q += Math.clz32(~(x << 24));';
