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
  const { set } = content;
  const given = givenWords(content, gallery);
  return (
    <section class="ledger" aria-label="Ledger of units">
      <h2>{images === content.set.images ? 'All images' : 'Images so far'}</h2>
      <ul>
        {rowsOf(ledger).map(({ id, how, figure }) => (
          <li key={id} data-row={id} title={how}>
            <FigureInline figure={figure} digits={4} />
          </li>
        ))}
      </ul>
      <p class="ar-label">
        N = <Quantity text={formatCount(images)} unit={images === 1 ? 'image' : 'images'} />, D ={' '}
        <Quantity
          text={`${set.height} · ${set.width} · ${model.channels} = ${formatCount(dimensions)}`}
          unit="sub-pixels"
        />
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

/** @param image the one that is looked at */
export function bitsBins(gallery: Gallery, image: number): HistogramBin[] {
  return bitsHistogram(gallery, image).map(({ from, to, images, marked }, bin) => ({
    label: from.toFixed(from >= 10 ? 1 : 2),
    range: `${from.toFixed(3)} to ${to.toFixed(3)}`,
    count: images,
    colour: `ar-seq-${Math.round((bin * 15) / 9)}`,
    hollow: false,
    ...(marked ? { marked: `image ${image + 1}` } : {}),
  }));
}

export function BitsHistogram(properties: {
  readonly content: ImagesContent;
  readonly gallery: Gallery;
  /** The one that is looked at. */
  readonly image: number;
}) {
  const { content, gallery, image } = properties;
  const ledger = ledgerOf(content, gallery);
  if (ledger === undefined || gallery.scored < 2) return null;
  const { dimensions, badge } = ledger;
  const bins = bitsBins(gallery, image);
  const value = gallery.bits[image] ?? NaN;
  return (
    <section aria-label="Histogram">
      <h2>Images by bits/dim</h2>
      <Histogram name="Images by bits/dim" unit="bits/dim" of="images" bins={bins} />
      {Number.isNaN(value) ? null : (
        <p class="ar-label" data-marked="image">
          outlined: <Quantity text={formatCount(image + 1)} unit="image" before />,{' '}
          <FigureInline
            figure={{ value, unit: 'bits/dim', count: dimensions, of: 'sub-pixels', badge }}
            digits={3}
            quiet
          />
        </p>
      )}
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
