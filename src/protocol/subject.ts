// What the calls that look into a model are told. Types only.

/** What is looked into: a model with its own weights, or a spec's architecture with random ones. */
export type InspectSubject =
  | { readonly model: string }
  /** `text`: the spec as it stands in an editor, in place of the file's. */
  | { readonly spec: string; readonly text?: string };
