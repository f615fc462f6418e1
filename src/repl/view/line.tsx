import { Text } from 'ink';
import type { ReactNode } from 'react';

/** One row of the terminal: cut, never wrapped. */
export function Line({ text }: { readonly text: string }): ReactNode {
  return <Text wrap="truncate-end">{text === '' ? ' ' : text}</Text>;
}
