// Causal-order inpainting: which image a region is kept of, and which region, by numbers where it is not dragged.
import type {
  ImageSamplerContent,
  ImageSamplerHostCalls,
  Region,
} from '../../../src/protocol/imageSamplerView';
import { Button } from '../../ui/controls';
import { NumberField } from '../../ui/fields';
import { Quote } from '../../ui/figure';
import type { Ask } from '../../ui/host';

export function KeepingBar({
  content,
  host,
}: {
  readonly content: ImageSamplerContent;
  readonly host: Ask<ImageSamplerHostCalls>;
}) {
  const { keeping, model } = content;
  if (keeping === null) {
    return (
      <div class="keeping">
        <Button onPress={() => host('keepFrom', undefined)}>Keep a Region of an Image…</Button>
      </div>
    );
  }
  const { region } = keeping;
  const change = (part: Partial<Region>) => {
    const next = { ...region, ...part };
    if (next.top < next.bottom && next.left < next.right) host('region', { region: next });
  };
  const field = (name: string, value: number, most: number, take: (value: number) => Partial<Region>) => (
    <label class="ar-label">
      {name}
      <NumberField
        name={`Kept: ${name}`}
        value={value}
        minimum={1}
        maximum={most}
        onNumber={(given) => change(take(given))}
      />
    </label>
  );
  return (
    <div class="keeping" role="group" aria-label="The kept region">
      <p class="ar-note">
        A region of <Quote>{keeping.file}</Quote> is kept and the rest drawn in order: causal-order
        inpainting. What is drawn before a kept pixel knows nothing of it. Drag over an image for another
        region.
      </p>
      <div class="region">
        {field('first row', region.top + 1, model.height, (value) => ({ top: value - 1 }))}
        {field('last row', region.bottom, model.height, (value) => ({ bottom: value }))}
        {field('first column', region.left + 1, model.width, (value) => ({ left: value - 1 }))}
        {field('last column', region.right, model.width, (value) => ({ right: value }))}
        <Button onPress={() => host('region', { region: null })}>Keep Nothing</Button>
      </div>
    </div>
  );
}
