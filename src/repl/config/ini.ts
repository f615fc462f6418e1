/** The settings of an INI file as Python's configparser reads cqlshrc: `[section.key, value]`, comments left out. */
export function parseIni(text: string): [string, string][] {
  const settings: [string, string][] = [];
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    const header = /^\[([^\]]+)\]$/.exec(trimmed);
    if (header !== null) {
      section = header[1].trim();
      continue;
    }
    const pair = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(trimmed);
    if (pair !== null) settings.push([`${section}.${pair[1].toLowerCase()}`, pair[2]]);
  }
  return settings;
}
