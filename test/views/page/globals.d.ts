// What the harness puts on the page's window, for the tests that evaluate code there.
import type { Audit } from './audit';
import type { Harness } from './mockHost';
import type { SavedPicture } from './savedPicture';

declare global {
  interface Window {
    readonly harness: Harness;
    readonly audit: Audit;
    readonly savedPicture: SavedPicture;
  }
}
