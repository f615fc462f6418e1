import { CQL_TOPICS } from './cql-topics.ts';

/** Names of all topics, for HELP without an argument and for completion. */
export function topicNames(): readonly string[] {
  return CQL_TOPICS.map((topic) => topic.name);
}

/** The text of a topic; case and `_` do not matter, and a beginning that fits only one topic is enough. */
export function helpTopic(name: string): string | null {
  const wanted = name.trim().replaceAll('_', ' ').replace(/\s+/g, ' ').toUpperCase();
  const exact = CQL_TOPICS.find((topic) => topic.name === wanted);
  const candidates = exact === undefined ? CQL_TOPICS.filter((topic) => topic.name.startsWith(wanted)) : [exact];
  if (candidates.length === 0) return null;
  if (candidates.length > 1) return `\nTopics: ${candidates.map((topic) => topic.name).join(', ')}\n`;
  const [topic] = candidates;
  return `\n${topic.name}\n  ${topic.about}\n\n${indent(topic.syntax)}\n\nExample\n${indent(topic.example)}\n`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
