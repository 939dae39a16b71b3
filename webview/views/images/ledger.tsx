// The ledger of units, the histogram of bits/dim and how far the scoring is.
import type { ImagesContent, ImagesHostCalls } from '../../../src/protocol/imagesView';
import type { ViewButton } from '../../../src/protocol/views';
import { Histogram, type HistogramBin } from '../../plots/histogram';
import { Button, Progress } from '../../ui/controls';
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import type { Ask } from '../../ui/host';
import { bitsHistogram, ledgerOf, rowsOf } from './figures';
import type { Gallery } from './gallery';
import { givenWords } from './given';

export function Ledger({ content, gallery }: { readonly content: ImagesContent; readonly gallery: Gallery }) {
  const ledger = ledgerOf(content, gallery);
  const { model } = content;
  if (ledger === undefined || model === null) return null;
  const { images, dimensions, standardError } = ledger;
  const given = givenWords(content, gallery);
  return (
    <section class="ledger" aria-label="Ledger of units">
      <h2>{images === content.set.images ? 'All images' : 'Images so far'}</h2>
      <ul>
        {rowsOf(ledger).map(({ id, figure }) => (
          <li key={id} data-row={id}>
            <FigureInline figure={figure} digits={4} />
          </li>
        ))}
      </ul>
      <p class="ar-label">
        <Quantity text={formatCount(images)} unit={images === 1 ? 'image' : 'images'} /> of{' '}
        <Quantity text={formatCount(dimensions)} unit="sub-pixels" />
        {standardError === null ? null : (
          <>
            ; standard error over images <Quantity text={standardError.toFixed(4)} unit="bits/dim" />
          </>
        )}
        ; levels by <Quote>{model.quantize}</Quote>
        {given === '' ? '' : `; ${given}`}
      </p>
    </section>
  );
}

export function bitsBins(gallery: Gallery): HistogramBin[] {
  return bitsHistogram(gallery).map(({ from, to, images }, bin) => ({
    label: from.toFixed(from >= 10 ? 1 : 2),
    range: `${from.toFixed(3)} to ${to.toFixed(3)}`,
    count: images,
    colour: `ar-seq-${Math.round((bin * 15) / 9)}`,
    hollow: false,
  }));
}

export function BitsHistogram({ gallery }: { readonly gallery: Gallery }) {
  const bins = bitsBins(gallery);
  if (gallery.scored < 2) return null;
  return (
    <section aria-label="Histogram">
      <h2>Images by bits/dim</h2>
      <Histogram name="Images by bits/dim" unit="bits/dim" of="images" bins={bins} />
    </section>
  );
}

export function Scoring(properties: {
  readonly content: ImagesContent;
  readonly host: Ask<ImagesHostCalls>;
  readonly run: (button: ViewButton) => void;
}) {
  const { content, host, run } = properties;
  const { scoring, set } = content;
  switch (scoring.kind) {
    case 'result':
      return null;
    case 'none':
    case 'failed': {
      const { button } = scoring;
      return (
        <div class={scoring.kind === 'failed' ? 'scoring ar-failed' : 'scoring'}>
          <p role={scoring.kind === 'failed' ? 'alert' : undefined}>
            <Quote>{scoring.sentence}</Quote>
          </p>
          {button === undefined ? null : <Button onPress={() => run(button)}>{button.label}</Button>}
        </div>
      );
    }
    case 'working':
      return (
        <div class="scoring">
          <p role="status">
            Scoring ·{' '}
            <Quantity text={formatCount(scoring.done)} unit={`of ${formatCount(set.images)} images`} />
          </p>
          <Progress name="Scoring the images" share={scoring.done / set.images} />
          <Button onPress={() => host('stopScoring', undefined)}>Stop</Button>
        </div>
      );
    case 'stopped':
      return (
        <div class="scoring">
          <p>
            Stopped after{' '}
            <Quantity text={formatCount(scoring.done)} unit={`of ${formatCount(set.images)} images`} />.
          </p>
          <Button onPress={() => host('scoreAgain', undefined)}>Score Again</Button>
        </div>
      );
    default:
      return scoring satisfies never;
  }
}
