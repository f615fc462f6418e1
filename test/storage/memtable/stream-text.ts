import { int64, toHex } from '../../../src/bytes/index.ts';
import {
  type ClusteringPrefix,
  type DeletionTime,
  NO_PATH,
  type Row,
  Step,
  type UnfilteredStream,
} from '../../../src/storage/rows/index.ts';

/** All that a stream says, a line an element; two streams are equal when their texts are. */
export async function streamText(stream: UnfilteredStream): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const step = stream.next();
    switch (step) {
      case Step.END:
        stream.close();
        return withoutEmptyPartitions(lines);
      case Step.NEED_MORE:
        await stream.load();
        break;
      case Step.PARTITION: {
        const { key, keyStart, keyEnd, deletion } = stream.partition;
        lines.push(`partition ${toHex(key, keyStart, keyEnd)}${deletionText(deletion)}`);
        break;
      }
      case Step.PARTITION_END:
        lines.push('end');
        break;
      case Step.MARKER: {
        const { clustering, closing, opening } = stream.marker;
        lines.push(`marker ${prefixText(clustering)} closes${deletionText(closing)} opens${deletionText(opening)}`);
        break;
      }
      default:
        lines.push(rowText(stream.row));
    }
  }
}

function withoutEmptyPartitions(lines: string[]): string[] {
  return lines.filter(
    (line, i) =>
      !(line.startsWith('partition') && !line.includes('@') && lines[i + 1] === 'end') &&
      !(line === 'end' && lines[i - 1].startsWith('partition') && !lines[i - 1].includes('@')),
  );
}

export function rowText(row: Row): string {
  const parts = [row.isStatic ? 'static' : `row ${prefixText(row.clustering)}`];
  if (row.hasLiveness) {
    const at = int64.toString(row.livenessHi, row.livenessLo);
    parts.push(`live@${at} ttl ${row.livenessTtl} until ${row.livenessLocalSeconds}`);
  }
  if (!row.deletion.isLive()) parts.push(`deleted${deletionText(row.deletion)}`);
  for (let i = 0; i < row.complexCount; i++) {
    const at = int64.toString(row.complexHi[i], row.complexLo[i]);
    parts.push(`complex ${row.complexColumn[i]}@${at}/${row.complexLocalSeconds[i]}`);
  }
  for (let i = 0; i < row.cellCount; i++) {
    const path = row.pathEnd[i] === NO_PATH ? '' : `[${toHex(row.cellSource[i], row.pathStart[i], row.pathEnd[i])}]`;
    const value = toHex(row.cellSource[i], row.valueStart[i], row.valueEnd[i]);
    const at = int64.toString(row.cellHi[i], row.cellLo[i]);
    parts.push(`${row.cellColumn[i]}${path}=${value}@${at} ttl ${row.cellTtl[i]} local ${row.cellLocalSeconds[i]}`);
  }
  return parts.join(' ');
}

export function prefixText(prefix: ClusteringPrefix): string {
  const values: string[] = [];
  for (let i = 0; i < prefix.size; i++) {
    values.push(prefix.isNull(i) ? 'null' : toHex(prefix.source, prefix.start[i], prefix.end[i]));
  }
  return `${prefix.kind}(${values.join(',')})`;
}

function deletionText(deletion: DeletionTime): string {
  return deletion.isLive() ? ' -' : ` @${int64.toString(deletion.hi, deletion.lo)}/${deletion.localSeconds}`;
}
