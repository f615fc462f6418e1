export interface TriggerMetadata {
  readonly name: string;
  readonly className: string;
}
