// Masks of layers: those that the stacks above are made of, and one of any size, type and channel order, without a spec.
import type { ReceptiveFieldContent } from '../../../src/protocol/receptiveFieldView';
import type { KernelMask } from '../../../src/protocol/receptiveField';
import { Dropdown, Segments } from '../../ui/controls';
import { Quote } from '../../ui/figure';
import type { Theme } from '../../ui/theme';
import { CentreTable, KernelPicture, kernelWords } from './kernelPicture';
import type { Settings } from './settings';
import { CHANNELS } from './words';

const KERNELS = Array.from({ length: 16 }, (_, at) => 2 * at + 1);
const TYPES = ['A', 'B', 'vertical', 'horizontal A', 'horizontal B'] as const;
const ORDERS = ['012', '021', '102', '120', '201', '210'] as const;
const orderName = (order: string) => [...order].map((each) => CHANNELS[Number(each)]).join(' → ');
const [LARGE, SMALL] = [155, 63];

export function MaskSection(properties: {
  readonly content: ReceptiveFieldContent;
  readonly settings: Settings;
  readonly theme: Theme;
  readonly onMask: (part: Partial<Settings>) => void;
}) {
  const { content, settings, theme, onMask } = properties;
  const { mask, report } = content;
  return (
    <section class="masks" aria-label="Masks of the layers">
      <h2>Masks of the layers</h2>
      <div class="own">
        {report.stacks.flatMap(({ family, title, masks }, at) =>
          masks
            .filter(({ type }) => type !== 'pointwise')
            .map((layer) => (
              <figure key={`${family} ${at} ${layer.layer}`}>
                <KernelPicture mask={layer} side={SMALL} theme={theme} />
                <figcaption>
                  <span class="ar-note">
                    <Quote>{title}</Quote>
                  </span>
                  <span class="ar-label">
                    <Quote>{`${layer.type}, ${layer.rows.length} × ${layer.rows.length}`}</Quote>
                  </span>
                  <span class="ar-hidden">
                    <Quote>{kernelWords(layer)}</Quote>
                  </span>
                </figcaption>
              </figure>
            )),
        )}
      </div>
      <h2>A mask of any kind</h2>
      <div class="any">
        <div class="choices">
          <label class="choice">
            <span class="ar-label">kernel</span>
            <Dropdown
              name="Side of the kernel"
              value={String(settings.maskKernel)}
              choices={KERNELS.map((side) => ({ value: String(side), label: `${side} × ${side}` }))}
              onChoose={(side) => onMask({ maskKernel: Number(side) })}
            />
          </label>
          <label class="choice">
            <span class="ar-label">type</span>
            <Dropdown
              name="Type of the mask"
              value={settings.maskType}
              choices={TYPES.map((type) => ({ value: type, label: type }))}
              onChoose={(maskType) => onMask({ maskType })}
            />
          </label>
          <div class="choice">
            <span class="ar-label">channels</span>
            <Segments
              name="Channels of the mask"
              value={String(settings.maskChannels)}
              choices={[
                { value: '1', label: 'grey' },
                { value: '3', label: 'RGB' },
              ]}
              onChoose={(channels) => onMask({ maskChannels: Number(channels) })}
            />
          </div>
          {settings.maskChannels === 1 ? null : (
            <label class="choice">
              <span class="ar-label">generated in the order</span>
              <Dropdown
                name="Order of the channels"
                value={settings.maskOrder}
                choices={ORDERS.map((order) => ({ value: order, label: orderName(order) }))}
                onChoose={(maskOrder) => onMask({ maskOrder })}
              />
            </label>
          )}
        </div>
        {mask === null ? null : <AnyMask mask={mask} theme={theme} />}
      </div>
    </section>
  );
}

function AnyMask({ mask, theme }: { readonly mask: KernelMask; readonly theme: Theme }) {
  return (
    <div class="shown" data-mask={mask.rows.map((row) => row.join('')).join('/')}>
      <KernelPicture mask={mask} side={LARGE} theme={theme} />
      <CentreTable centre={mask.centre} />
      <p class="ar-note">
        <Quote>{kernelWords(mask)}</Quote>
      </p>
    </div>
  );
}
