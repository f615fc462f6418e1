/** What a piece of the shell's own text is; each has a style in each theme. */
export type StyleName =
  | 'prompt'
  | 'keyword'
  | 'type'
  | 'function'
  | 'name'
  | 'known-name'
  | 'string'
  | 'number'
  | 'constant'
  | 'marker'
  | 'operator'
  | 'comment'
  | 'error'
  | 'command'
  | 'paste'
  | 'dim'
  | 'good'
  | 'selected'
  | 'match';

/** SGR parameters by name; '' is the terminal's own. */
export type Theme = Readonly<Record<StyleName, string>>;

export const THEME_NAMES = ['dark', 'light', 'none'] as const;
export type ThemeName = (typeof THEME_NAMES)[number];

const dark: Theme = {
  prompt: '1',
  keyword: '1;34',
  type: '36',
  function: '35',
  name: '',
  'known-name': '92',
  string: '33',
  number: '96',
  constant: '95',
  marker: '1;95',
  operator: '',
  comment: '90',
  error: '31',
  command: '1;35',
  paste: '7',
  dim: '90',
  good: '32',
  selected: '7',
  match: '1;4',
};

const light: Theme = {
  ...dark,
  keyword: '1;34',
  'known-name': '32',
  string: '31',
  number: '36',
  constant: '35',
  marker: '1;35',
  error: '1;31',
};

const none: Theme = Object.freeze(
  // Every name of `dark` with no style.
  Object.fromEntries(Object.keys(dark).map((name) => [name, ''])) as Record<StyleName, string>,
);

const THEMES: Readonly<Record<ThemeName, Theme>> = { dark, light, none };

export function themeOf(name: ThemeName): Theme {
  return THEMES[name];
}

/**
 * The theme for the terminal's background, as far as the environment tells it: `COLORFGBG` is `foreground;background`,
 * with 7 and 15 for the whites.
 */
export function guessTheme(environment: NodeJS.ProcessEnv): 'dark' | 'light' {
  const background = environment['COLORFGBG']?.split(';').at(-1);
  return background === '7' || background === '15' ? 'light' : 'dark';
}

export function paintStyle(theme: Theme, name: StyleName, text: string): string {
  const style = theme[name];
  return style === '' || text === '' ? text : `\u001b[${style}m${text}\u001b[0m`;
}
