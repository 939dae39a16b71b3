// A number as a person meets it: value, unit, denominator, badge. Whatever a view writes as a number goes through
// Figure (a likelihood) or Quantity (anything else with a unit); a test walks the views and fails on a bare one.
import type { ComponentChildren } from 'preact';
import type { Badge, Figure } from '../../src/protocol/figure';
import { formatCount, formatValue } from './format';

/** A likelihood in a unit that may be finer than the protocol's closed list ('nats/character'). */
export type Likelihood = Omit<Figure, 'unit'> & { readonly unit: string };

const BADGE_TEXT: Record<Badge, string> = { exact: 'exact', bound: 'bound', none: 'likelihood' };
const BADGE_MEANING: Record<Badge, string> = {
  exact: 'The likelihood itself.',
  bound: 'An upper bound: the true value is at most this.',
  none: 'This is no likelihood.',
};

export function BadgeMark({ badge }: { readonly badge: Badge }) {
  return (
    <span class={`ar-badge ar-badge-${badge}`} title={BADGE_MEANING[badge]}>
      {badge === 'none' ? <span class="ar-hidden">no </span> : null}
      {BADGE_TEXT[badge]}
    </span>
  );
}

function marks(figure: Likelihood) {
  return {
    'data-figure': String(figure.value),
    'data-unit': figure.unit,
    'data-count': String(figure.count),
    'data-of': figure.of,
    'data-badge': figure.badge,
  };
}

const unitText = (unit: string) => (unit === 'perplexity' ? 'PPL' : unit);
const overText = (figure: Likelihood) => `over ${formatCount(figure.count)} ${figure.of}`;

/** The large form: label above, denominator below. */
export function FigureBlock(properties: {
  readonly label?: string;
  readonly figure: Likelihood;
  readonly digits?: number;
  /** The value as it is written, where no number of decimals would do. */
  readonly text?: string;
  readonly children?: ComponentChildren;
}) {
  const { figure } = properties;
  return (
    <div class="ar-figure" {...marks(figure)}>
      {properties.label === undefined ? null : <div class="ar-label">{properties.label}</div>}
      <div class="ar-value">
        <span class="ar-inline">
          {properties.text ?? formatValue(figure.value, properties.digits ?? 3)}
          <span class="ar-unit">{unitText(figure.unit)}</span>
        </span>
        <BadgeMark badge={figure.badge} />
      </div>
      <div class="ar-detail">
        {overText(figure)}
        {properties.children}
      </div>
    </div>
  );
}

/** The form inside a line of text or a table's cell. `quiet` leaves denominator and badge to the tooltip. */
export function FigureInline(properties: {
  readonly figure: Likelihood;
  readonly digits?: number;
  readonly quiet?: boolean;
}) {
  const { figure } = properties;
  const meaning = `${overText(figure)}. ${BADGE_MEANING[figure.badge]}`;
  return (
    <span class="ar-inline" title={meaning} {...marks(figure)}>
      {formatValue(figure.value, properties.digits ?? 3)}
      <span class="ar-unit">{unitText(figure.unit)}</span>
      {properties.quiet === true ? (
        <span class="ar-hidden">
          {' '}
          {`${overText(figure)}, ${figure.badge === 'none' ? 'no likelihood' : figure.badge}`}
        </span>
      ) : (
        <>
          <span class="ar-unit">{overText(figure)}</span>
          <BadgeMark badge={figure.badge} />
        </>
      )}
    </span>
  );
}

/** A number that is no likelihood: steps, seconds, lines. `unit` is shown unless `hideUnit` (the column says it). */
export function Quantity(properties: {
  readonly text: string;
  readonly unit: string;
  readonly before?: boolean;
  readonly hideUnit?: boolean;
}) {
  const unit = properties.hideUnit === true ? null : <span class="ar-unit-plain">{properties.unit}</span>;
  return (
    <span class="ar-inline" data-quantity={properties.text} data-unit={properties.unit}>
      {properties.before === true && unit !== null ? <>{unit} </> : null}
      {properties.text}
      {properties.before === true || unit === null ? null : <> {unit}</>}
    </span>
  );
}

/** The large form of a quantity. */
export function QuantityBlock(properties: {
  readonly label: string;
  readonly text: string;
  readonly unit: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="ar-figure">
      <div class="ar-label">{properties.label}</div>
      <div class="ar-value" data-quantity={properties.text} data-unit={properties.unit}>
        {properties.text}
        <span class="ar-unit">{properties.unit}</span>
      </div>
      <div class="ar-detail">{properties.children}</div>
    </div>
  );
}

/** Text that is not ours, digits and all: file names, samples, model lines. */
export function Quote({ children }: { readonly children: ComponentChildren }) {
  return <span data-quote="">{children}</span>;
}
