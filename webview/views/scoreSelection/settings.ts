// What the Score Selection view keeps with VS Code: enough for the host to find the text and the part of it again.
import type { ScoreSelectionKept } from '../../../src/protocol/scoreSelection';

export const DEFAULTS: ScoreSelectionKept = { document: '', model: '', pinned: false, start: 0, end: 0 };
