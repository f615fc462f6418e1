export interface DescribeOptions {
  /** WITH INTERNALS: table ids, and dropped columns with their times. */
  readonly internals?: boolean;
  readonly ifNotExists?: boolean;
}
