/** A secondary index (`schema/IndexMetadata`, 5.0.8). `options` hold `target` and, for CUSTOM, `class_name`. */
export interface IndexMetadata {
  readonly name: string;
  readonly kind: 'KEYS' | 'COMPOSITES' | 'CUSTOM';
  readonly options: ReadonlyMap<string, string>;
}
