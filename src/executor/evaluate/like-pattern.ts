/** LIKE's pattern as a regular expression over the whole text: `%` any text, `_` any one character, `\` takes either as it is. */
export function likePattern(pattern: string): RegExp {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i];
    if (character === '\\' && i + 1 < pattern.length) source += escaped(pattern[++i]);
    else if (character === '%') source += '.*';
    else if (character === '_') source += '.';
    else source += escaped(character);
  }
  return new RegExp(`^${source}$`, 'su');
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
