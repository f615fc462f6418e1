import { unreachable } from '../errors/index.ts';
import type { ResultColumn } from '../session/session.ts';
import { CsvFormat } from './csv-format.ts';
import { ExpandedFormat } from './expanded-format.ts';
import { HtmlFormat } from './html-format.ts';
import { InsertFormat } from './insert-format.ts';
import { JsonFormat } from './json-format.ts';
import { MarkdownFormat } from './markdown-format.ts';
import type { FormatName, FormatOptions, OutputSink, RowFormat } from './row-format.ts';
import { TableFormat } from './table-format.ts';

/** The format of that name for one result. Parquet and Arrow load their libraries when first asked for. */
export async function createRowFormat(
  name: FormatName,
  columns: readonly ResultColumn[],
  sink: OutputSink,
  options: FormatOptions,
): Promise<RowFormat> {
  switch (name) {
    case 'table':
      return new TableFormat(columns, sink, options);
    case 'expanded':
      return new ExpandedFormat(columns, sink, options);
    case 'json':
      return new JsonFormat(columns, sink, 'array');
    case 'jsonl':
      return new JsonFormat(columns, sink, 'lines');
    case 'csv':
      return new CsvFormat(columns, sink, ',');
    case 'tsv':
      return new CsvFormat(columns, sink, '\t');
    case 'markdown':
      return new MarkdownFormat(columns, sink);
    case 'html':
      return new HtmlFormat(columns, sink);
    case 'insert':
      return new InsertFormat(columns, sink, options);
    case 'parquet': {
      const { ParquetFormat } = await import('./parquet-format.ts');
      return new ParquetFormat(columns, sink);
    }
    case 'arrow': {
      const { ArrowFormat } = await import('./arrow-format.ts');
      return new ArrowFormat(columns, sink);
    }
    default:
      return unreachable(name);
  }
}
