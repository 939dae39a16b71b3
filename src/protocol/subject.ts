// What the calls that look into a model are told. Types only.

/** What is looked into: a model with its own weights, or a spec's architecture with random ones. */
export type InspectSubject =
  | { readonly model: string }
  | {
      readonly spec: string;
      /** The spec as it stands in an editor, in place of the file's. */
      readonly text?: string;
      /** Nothing outside it is read as data; the spec's folder when absent. */
      readonly workspace?: string;
    };
