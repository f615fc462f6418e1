/** The keys and values of one section, in lower case and as they stand; null when there is no such section. */
export function iniSection(text: string, section: string): ReadonlyMap<string, string> | null {
  const prefix = `${section}.`;
  const found = parseIni(text).filter(([name]) => name.startsWith(prefix) && !name.slice(prefix.length).includes('.'));
  return found.length === 0 ? null : new Map(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

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
