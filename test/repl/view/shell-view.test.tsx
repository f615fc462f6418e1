import { render } from 'ink-testing-library';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../src/repl/completion/candidate.ts';
import { CompletionPopup } from '../../../src/repl/view/completion-popup.tsx';
import { ShellView, type ShellViewState } from '../../../src/repl/view/shell-view.tsx';
import { themeOf } from '../../../src/repl/view/theme.ts';

const theme = themeOf('none');

function frameOf(state: Partial<ShellViewState>, columns = 60, popupRows = 8): string {
  const whole = { editorRows: ['cassette> '], popup: null, message: null, progress: null, status: null, ...state };
  return render(<ShellView state={whole} theme={theme} columns={columns} popupRows={popupRows} />).lastFrame() ?? '';
}

const candidates: readonly Candidate[] = Array.from({ length: 20 }, (_, i) => ({
  kind: 'column',
  label: `column_${i}`,
  insert: `column_${i}`,
  detail: 'text',
}));

describe('ShellView', () => {
  it('stacks editor, popup, message, progress and status', () => {
    const popup = { candidates: candidates.slice(0, 2), selected: 1 };
    const frame = frameOf({
      editorRows: ['a', 'b'],
      popup,
      message: 'message',
      progress: 'progress',
      status: 'status',
    });
    expect(frame.split('\n')).toEqual([
      'a',
      'b',
      '  column_0  text',
      '› column_1  text',
      'message',
      'progress',
      'status',
    ]);
  });

  it('cuts what is too long for the terminal instead of wrapping it', () => {
    const lines = frameOf({ status: 'a status line much longer than the terminal is wide' }, 20).split('\n');
    expect(lines).toHaveLength(2);
    expect(stringWidth(lines[1])).toBeLessThanOrEqual(20);
  });
});

describe('CompletionPopup', () => {
  const popup = (selected: number, maxRows: number, columns = 40): string[] =>
    (
      render(
        <CompletionPopup
          candidates={candidates}
          selected={selected}
          theme={theme}
          columns={columns}
          maxRows={maxRows}
        />,
      ).lastFrame() ?? ''
    ).split('\n');

  it('shows a window around the chosen one and says how many there are', () => {
    const lines = popup(10, 6);
    expect(lines).toHaveLength(6);
    expect(lines.some((line) => line.startsWith('› column_10'))).toBe(true);
    expect(lines.at(-1)).toContain('20 candidates');
  });

  it('fits into a narrow terminal', () => {
    for (const line of popup(0, 5, 12)) expect(stringWidth(line)).toBeLessThanOrEqual(12);
  });
});
