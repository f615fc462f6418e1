import { highlight, supportsLanguage } from 'cli-highlight';
import { paintStyle, type Theme } from '../view/theme.ts';

/** CQL that is shown, not typed (DESCRIBE, HELP), in colours. */
export function highlightCql(text: string, theme: Theme): string {
  if (!supportsLanguage(LANGUAGE)) return text;
  const style = (name: Parameters<typeof paintStyle>[1]) => (part: string) => paintStyle(theme, name, part);
  return highlight(text, {
    language: LANGUAGE,
    ignoreIllegals: true,
    theme: {
      keyword: style('keyword'),
      type: style('type'),
      built_in: style('type'),
      literal: style('constant'),
      number: style('number'),
      string: style('string'),
      comment: style('comment'),
    },
  });
}

const LANGUAGE = 'sql';
