import { CorruptionError } from '../errors/index.ts';
import { LastingSink, type OutputSink } from '../output/index.ts';
import { nodeFileSystem } from '../storage/files/index.ts';
import { type Finding, verifySSTable } from '../storage/sstable/verify/index.ts';
import type { Options } from './arguments.ts';
import { ExitCode } from './exit-code.ts';
import { findDataFiles } from './find-data-files.ts';

/**
 * `cassette verify PATH…`: a line for each piece of damage, then a summary; exit code 1 when there is any. When nobody
 * reads any more, it goes on until it knows that.
 */
export async function runVerify(paths: readonly string[], options: Options, sink: OutputSink): Promise<number> {
  const totals = { sstables: 0, damaged: 0, findings: 0, partitions: 0, rows: 0 };
  for (const path of findDataFiles(paths, options, { indexes: true })) {
    const result = await verifySSTable(nodeFileSystem, path, (finding) => sink.write(`${findingLine(finding)}\n`));
    totals.sstables++;
    totals.damaged += result.findings > 0 ? 1 : 0;
    totals.findings += result.findings;
    totals.partitions += result.partitions;
    totals.rows += result.rows;
    await sink.drain();
    if (totals.findings > 0 && sink instanceof LastingSink && sink.isGone) break;
  }
  if (!options.quiet) sink.write(`${summaryLine(totals)}\n`);
  return totals.findings === 0 ? ExitCode.OK : ExitCode.FAILED;
}

/** `CorruptSSTable: FILE, offset N, chunk C, table T, column X: what is wrong`. */
function findingLine(finding: Finding): string {
  const error = new CorruptionError(finding.detail, { ...finding.place, file: finding.file });
  return `${error.code}: ${error.message}`;
}

function summaryLine(totals: Record<'sstables' | 'damaged' | 'findings' | 'partitions' | 'rows', number>): string {
  const { sstables, partitions, rows, findings, damaged } = totals;
  const checked = `${count(sstables, 'SSTable')}, ${count(partitions, 'partition')}, ${count(rows, 'row')} checked`;
  return findings === 0
    ? `${checked}: no damage`
    : `${checked}: ${findings === 1 ? '1 piece' : `${findings} pieces`} of damage in ${count(damaged, 'SSTable')}`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
