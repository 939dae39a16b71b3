// The builder: a grid and two stacks on it, put together without any spec; over a spec's or a run's own settings where
// there is one.
import type { FieldReport, FieldSettings } from '../../../src/protocol/receptiveField';
import { Button, Dropdown, Segments } from '../../ui/controls';
import { Quote } from '../../ui/figure';
import { sizeName } from './words';

const SIZES = [12, 16, 20, 24, 28, 32, 40, 48, 56, 64];
const KERNELS = [1, 3, 5, 7, 9, 11, 13, 15];
const FIRST_KERNELS = [3, 5, 7, 9, 11, 13, 15, 21, 31];
const LAYERS = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 16, 20, 24, 30, 40, 60, 61];

export function Builder(properties: {
  readonly report: FieldReport;
  readonly name: string;
  /** Whether any setting is not the subject's own. */
  readonly changed: boolean;
  readonly onChange: (part: Partial<FieldSettings>) => void;
  readonly onReset: () => void;
}) {
  const { report, name, changed, onChange, onReset } = properties;
  const { settings, domain } = report;
  if (domain === 'text') return null;
  const size = { height: settings.height, width: settings.width };
  const sizes = SIZES.map((side) => ({ height: side, width: side }));
  if (!sizes.some((each) => each.height === size.height && each.width === size.width)) sizes.unshift(size);
  return (
    <fieldset class="builder" aria-label="The grid and its stacks">
      <Choice label="grid">
        <Dropdown
          name="Rows and columns of the grid"
          value={sizeName(size)}
          choices={sizes.map((each) => ({ value: sizeName(each), label: sizeName(each) }))}
          onChoose={(value) => {
            const [height = 0, width = 0] = value.split(' × ').map(Number);
            onChange({ height, width });
          }}
        />
      </Choice>
      <Choice label="channels">
        <Segments
          name="Channels"
          value={String(settings.channels)}
          choices={[
            { value: '1', label: 'grey' },
            { value: '3', label: 'RGB' },
          ]}
          onChoose={(channels) => onChange({ channels: Number(channels) })}
        />
      </Choice>
      <Numbers
        label="first kernel"
        name="Side of the first kernel"
        among={FIRST_KERNELS}
        value={settings.firstKernel}
        square
        onChoose={(firstKernel) => onChange({ firstKernel })}
      />
      <Numbers
        label="kernel"
        name="Side of the later kernels"
        among={KERNELS}
        value={settings.kernel}
        square
        onChoose={(kernel) => onChange({ kernel })}
      />
      <Numbers
        label="layers"
        name="Layers of the network"
        among={LAYERS}
        value={settings.layers}
        onChoose={(layers) => onChange({ layers })}
      />
      {report.orders.length === 0 ? null : (
        <Choice label="order">
          <Dropdown
            name="Order of generation"
            value={settings.order ?? report.orders[0] ?? ''}
            choices={report.orders.map((order) => ({ value: order, label: order }))}
            onChoose={(order) => onChange({ order })}
          />
        </Choice>
      )}
      {settings.families.map((id, at) => (
        <Choice key={at} label={at === 0 ? 'left' : 'right'}>
          <Dropdown
            name={at === 0 ? 'Family on the left' : 'Family on the right'}
            value={id}
            choices={report.families.map((family) => ({ value: family.id, label: family.title }))}
            onChoose={(chosen) =>
              onChange({ families: settings.families.map((each, place) => (place === at ? chosen : each)) })
            }
          />
        </Choice>
      ))}
      {changed ? (
        <Choice label={name === '' ? 'changed' : 'not as the spec or run is'}>
          <Button onPress={onReset}>Reset</Button>
        </Choice>
      ) : null}
    </fieldset>
  );
}

function Choice({
  label,
  children,
}: {
  readonly label: string;
  readonly children: preact.ComponentChildren;
}) {
  return (
    <div class="choice">
      <span class="ar-label">
        <Quote>{label}</Quote>
      </span>
      {children}
    </div>
  );
}

function Numbers(properties: {
  readonly label: string;
  readonly name: string;
  readonly among: readonly number[];
  readonly value: number;
  readonly square?: boolean;
  readonly onChoose: (value: number) => void;
}) {
  const { among, value, square = false } = properties;
  const all = among.includes(value) ? among : [...among, value].sort((a, b) => a - b);
  const choices = all.map((each) => ({
    value: String(each),
    label: square ? `${each} × ${each}` : String(each),
  }));
  return (
    <Choice label={properties.label}>
      <Dropdown
        name={properties.name}
        value={String(value)}
        choices={choices}
        onChoose={(chosen) => properties.onChoose(Number(chosen))}
      />
    </Choice>
  );
}
