export type CandidateKind =
  | 'keyword'
  | 'keyspace'
  | 'table'
  | 'view'
  | 'column'
  | 'field'
  | 'type'
  | 'function'
  | 'option'
  | 'value'
  | 'index'
  | 'role'
  | 'command'
  | 'topic'
  | 'file'
  | 'symbol'
  | 'placeholder';

/** One thing that may stand at the cursor. */
export interface Candidate {
  readonly kind: CandidateKind;
  /** What the popup shows. */
  readonly label: string;
  /** What is inserted in place of the prefix; null for a placeholder, which is only shown. */
  readonly insert: string | null;
  /** Type, signature or meaning, beside the label. */
  readonly detail?: string;
}

/** The answer to Tab: what may replace `[from, to)` of the input. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly Candidate[];
}
