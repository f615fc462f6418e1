/** What the WHERE clauses of a kind of statement may say (`cql3/statements/StatementType`, 5.0.8). */
export interface StatementType {
  readonly name: 'INSERT' | 'UPDATE' | 'DELETE' | 'SELECT';
  readonly allowsPartitionKeyRanges: boolean;
  readonly allowsClusteringSlices: boolean;
  readonly allowsOtherColumns: boolean;
  readonly allowsIndexes: boolean;
}

const WRITE = {
  allowsPartitionKeyRanges: false,
  allowsClusteringSlices: false,
  allowsOtherColumns: false,
  allowsIndexes: false,
} as const;

export const INSERT_TYPE: StatementType = { name: 'INSERT', ...WRITE };
export const UPDATE_TYPE: StatementType = { name: 'UPDATE', ...WRITE };
export const DELETE_TYPE: StatementType = { name: 'DELETE', ...WRITE, allowsClusteringSlices: true };
export const SELECT_TYPE: StatementType = {
  name: 'SELECT',
  allowsPartitionKeyRanges: true,
  allowsClusteringSlices: true,
  allowsOtherColumns: true,
  allowsIndexes: true,
};
