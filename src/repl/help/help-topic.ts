/** A page of HELP: what a statement does, its syntax, an example that runs as it stands. */
export interface HelpTopic {
  readonly name: string;
  readonly about: string;
  readonly syntax: string;
  readonly example: string;
}
