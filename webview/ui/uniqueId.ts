// An id that no other element of the page has. Preact's own useId begins anew with each render of the root, and the views
// render theirs with every state: groups of radio buttons that appeared at different times would share a name.
import { useState } from 'preact/hooks';

let made = 0;

export function useUniqueId(): string {
  return useState(() => `ar-id-${++made}`)[0];
}
