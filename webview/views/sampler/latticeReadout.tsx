// One node of the lattice in words and numbers: what is under the pointer, else what the keyboard is on.
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import { formatCount, formatValue, visibleToken } from '../../ui/format';
import { fateName, natsFigure, ruleName } from './beamWords';
import { probabilityText } from './cutWords';
import type { FoundBeam, LatticeNode } from './latticeLayout';

export function LatticeReadout(properties: {
  readonly node: LatticeNode | undefined;
  readonly beam: FoundBeam;
}) {
  const { node, beam } = properties;
  if (node === undefined) {
    return (
      <p class="ar-note readout" role="status">
        The end of the text that the search starts from.
      </p>
    );
  }
  const { step, text, logProb, total, score, fate, hypotheses } = node;
  const badge = beam.result.likelihood;
  return (
    <p class="ar-note readout" role="status" data-node={node.node}>
      <Quantity text={formatCount(step)} unit="step" before />:{' '}
      <b class="token">
        <Quote>{visibleToken(text)}</Quote>
      </b>{' '}
      {fateName(fate)}
      {' · '}
      <Quantity text={probabilityText(Math.exp(logProb))} unit="p" before />
      {' · so far '}
      <FigureInline figure={natsFigure(total, step, badge)} digits={4} />
      {beam.settings.lengthPenalty === 0 ? null : (
        <>
          {' · score '}
          <Quantity text={formatValue(score, 4)} unit={`nats / ${ruleName(beam.settings)}`} />
        </>
      )}
      {hypotheses.length === 0 ? null : (
        <>
          {' · '}
          <Quantity
            text={hypotheses.join(', ')}
            unit={hypotheses.length === 1 ? 'hypothesis' : 'hypotheses'}
            before
          />
        </>
      )}
    </p>
  );
}
