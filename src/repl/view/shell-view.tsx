import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { Candidate } from '../completion/candidate.ts';
import { CompletionPopup } from './completion-popup.tsx';
import { Line } from './line.tsx';
import { paintStyle, type Theme } from './theme.ts';

/** All that the live area shows. Rows are styled text, already broken at the terminal's width. */
export interface ShellViewState {
  readonly editorRows: readonly string[];
  readonly popup: { readonly candidates: readonly Candidate[]; readonly selected: number } | null;
  /** A search prompt, a question, a hint: one line under the editor. */
  readonly message: string | null;
  readonly progress: string | null;
  readonly status: string | null;
}

interface ShellViewProps {
  readonly state: ShellViewState;
  readonly theme: Theme;
  readonly columns: number;
  readonly popupRows: number;
}

/** The live area: editor, completion, message, progress, status. It draws; everything is decided by the shell. */
export function ShellView({ state, theme, columns, popupRows }: ShellViewProps): ReactNode {
  const { editorRows, popup, message, progress, status } = state;
  return (
    <Box flexDirection="column" width={columns}>
      {editorRows.map((row, i) => (
        // Rows have no identity but their place.
        <Line key={i} text={row} />
      ))}
      {popup !== null && (
        <CompletionPopup
          candidates={popup.candidates}
          selected={popup.selected}
          theme={theme}
          columns={columns}
          maxRows={popupRows}
        />
      )}
      {message !== null && <Line text={message} />}
      {progress !== null && <Line text={progress} />}
      {status !== null && <Line text={paintStyle(theme, 'dim', status)} />}
    </Box>
  );
}
