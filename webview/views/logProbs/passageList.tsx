// Passages in their order: rate, line and words; each entry is the way to its place.
import { Quantity } from '../../ui/figure';
import { formatCount, visibleToken } from '../../ui/format';
import { PlaceList, type ListedPlace } from '../../ui/placeList';
import type { Analysis } from './analysis';
import { bitsPerByte, type Passage } from './passages';

const SHOWN = 160;

export function PassageList(properties: {
  readonly title: string;
  readonly analysis: Analysis;
  readonly passages: readonly Passage[];
  readonly onJump: (passage: Passage) => void;
}) {
  const { title, analysis, passages, onJump } = properties;
  const badge = analysis.first.run.summary.likelihood;
  const places = passages.map((passage): ListedPlace => {
    const { start, words } = passageText(analysis, passage);
    const line = analysis.line(start);
    const value = bitsPerByte(passage);
    return {
      key: passage.low,
      tip: `Show line ${line} in the editor`,
      figure: { value, unit: 'bits/byte', count: passage.bytes, of: 'bytes', badge },
      where: <Quantity text={formatCount(line)} unit="line" before />,
      words,
    };
  });
  const jump = (index: number) => {
    const passage = passages[index];
    if (passage !== undefined) onJump(passage);
  };
  return <PlaceList title={title} places={places} onJump={jump} />;
}

export function passageText(
  { text, first }: Analysis,
  { low, high }: Passage,
): { readonly start: number; readonly end: number; readonly words: string } {
  const start = first.columns.start[low] ?? 0;
  const end = first.columns.end[high - 1] ?? start;
  const words = visibleToken(text.slice(start, Math.min(end, start + SHOWN))).replaceAll('·', ' ');
  return { start, end, words: end - start > SHOWN ? `${words}…` : words };
}
