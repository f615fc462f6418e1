import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { Candidate, CandidateKind } from '../completion/candidate.ts';
import { displayWidth, offsetAtColumn } from '../editor/graphemes.ts';
import { Line } from './line.tsx';
import { paintStyle, type StyleName, type Theme } from './theme.ts';

interface CompletionPopupProps {
  readonly candidates: readonly Candidate[];
  /** -1 while none is chosen. */
  readonly selected: number;
  readonly theme: Theme;
  readonly columns: number;
  readonly maxRows: number;
}

const MAX_LABEL = 40;

const STYLES: Readonly<Record<CandidateKind, StyleName>> = {
  keyword: 'keyword',
  keyspace: 'known-name',
  table: 'known-name',
  view: 'known-name',
  column: 'number',
  field: 'number',
  type: 'type',
  function: 'function',
  option: 'constant',
  value: 'string',
  index: 'constant',
  role: 'constant',
  command: 'command',
  topic: 'keyword',
  file: 'string',
  symbol: 'operator',
  placeholder: 'dim',
};

/** Candidates under the editor, a window of them around the chosen one, coloured by kind, with type or signature. */
export function CompletionPopup({ candidates, selected, theme, columns, maxRows }: CompletionPopupProps): ReactNode {
  const isWindowed = candidates.length > maxRows;
  const visibleRows = isWindowed ? Math.max(1, maxRows - 1) : candidates.length;
  const first = Math.max(0, Math.min(candidates.length - visibleRows, selected - Math.floor(visibleRows / 2)));
  const shown = candidates.slice(first, first + visibleRows);
  const labelWidth = Math.min(
    MAX_LABEL,
    columns - 4,
    Math.max(...shown.map((candidate) => displayWidth(candidate.label))),
  );
  return (
    <Box flexDirection="column" width={columns}>
      {shown.map((candidate, i) => (
        <Line
          key={`${candidate.kind} ${candidate.label}`}
          text={candidateRow(candidate, first + i === selected, labelWidth, columns, theme)}
        />
      ))}
      {isWindowed && <Line text={paintStyle(theme, 'dim', `  … ${candidates.length} candidates`)} />}
    </Box>
  );
}

function candidateRow(
  candidate: Candidate,
  chosen: boolean,
  labelWidth: number,
  columns: number,
  theme: Theme,
): string {
  const label = fit(candidate.label, labelWidth);
  const detail = fit(candidate.detail ?? candidate.kind, Math.max(0, columns - labelWidth - 6));
  const styled = paintStyle(theme, chosen ? 'selected' : STYLES[candidate.kind], label);
  const padding = ' '.repeat(Math.max(0, labelWidth - displayWidth(label)));
  return `${chosen ? '› ' : '  '}${styled}${padding}  ${paintStyle(theme, 'dim', detail)}`;
}

function fit(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return width < 1 ? '' : `${text.slice(0, offsetAtColumn(text, width - 1))}…`;
}
