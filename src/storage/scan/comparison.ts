export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** What a comparison's order (negative, 0, positive) must be for the operator to hold. */
export function accepts(operator: ComparisonOperator): (order: number) => boolean {
  switch (operator) {
    case '=':
      return (order) => order === 0;
    case '!=':
      return (order) => order !== 0;
    case '<':
      return (order) => order < 0;
    case '<=':
      return (order) => order <= 0;
    case '>':
      return (order) => order > 0;
    case '>=':
      return (order) => order >= 0;
  }
}
