// The least and the most likely regions of the image, as lists whose entries lead there; numbered and outlined as they
// are on the image.
import type { Badge } from '../../../src/protocol/figure';
import { Dropdown, Segments } from '../../ui/controls';
import { Quantity, Quote } from '../../ui/figure';
import { PlaceList, type ListedPlace } from '../../ui/placeList';
import { subpixelsIn, type ImageAnalysis } from './analysis';
import { middleOf, regionWords, type Region } from './regions';
import type { Change, Settings } from './settings';

export function Regions(properties: {
  readonly analysis: ImageAnalysis;
  readonly badge: Badge;
  readonly settings: Settings;
  readonly change: Change;
}) {
  const { analysis, badge, settings, change } = properties;
  const { side, fitting, least, most } = analysis;
  const list = (title: string, kind: 'least' | 'most', regions: readonly Region[]) => (
    <PlaceList
      title={title}
      places={regions.map((region, index) => placeOf(region, index, kind, analysis, badge))}
      onJump={(index) => {
        const region = regions[index];
        if (region !== undefined) change(middleOf(region));
      }}
    />
  );
  return (
    <section class="regions" aria-label="Regions">
      <div class="ar-cap">
        <h2>Regions</h2>
        <Dropdown
          name="Side of a region"
          value={side}
          choices={fitting.map((each) => ({ value: each, label: `${each} × ${each} pixels` }))}
          onChoose={(chosen) => change({ side: chosen })}
        />
        <Segments
          name="Outlines on the image"
          value={settings.outlines}
          choices={[
            { value: 'shown', label: 'outlined' },
            { value: 'hidden', label: 'not' },
          ]}
          onChoose={(outlines) => change({ outlines })}
        />
      </div>
      <div class="ends">
        {list('Least likely regions', 'least', least)}
        {list('Most likely regions', 'most', most)}
      </div>
      <p class="ar-label">
        windows of <Quantity text={`${side} × ${side}`} unit="pixels" /> that do not overlap, by their mean
        over the sub-pixels{analysis.channels < analysis.nats.channels ? ' of this channel' : ''}
      </p>
    </section>
  );
}

function placeOf(
  region: Region,
  index: number,
  kind: 'least' | 'most',
  analysis: ImageAnalysis,
  badge: Badge,
): ListedPlace {
  const subpixels = subpixelsIn(region, analysis);
  return {
    key: region.row * analysis.nats.width + region.column,
    tip: `Go to ${regionWords(region)}`,
    mark: (
      <span class={`number ${kind}`}>
        <Quantity text={String(index + 1)} unit={`place among the ${kind} likely`} hideUnit />
      </span>
    ),
    figure: { value: region.bits / subpixels, unit: 'bits/dim', count: subpixels, of: 'sub-pixels', badge },
    where: <Quote>{regionWords(region)}</Quote>,
  };
}
