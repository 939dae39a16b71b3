// The likeliest continuation that a beam finds, beside greedy: settings, the search's own four states, lattice and list.
import { useMemo, useState } from 'preact/hooks';
import type { BeamSettings, SamplerDocument } from '../../../src/protocol/sampler';
import type { SamplerBeam } from '../../../src/protocol/samplerView';
import type { ViewButton } from '../../../src/protocol/views';
import { Button, Progress } from '../../ui/controls';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { BeamSettingsBar } from './beamSettings';
import { latticeSentence } from './beamWords';
import { pathTo } from '../../plots/branches';
import { textOf } from './branches';
import { Greedy, Hypotheses } from './hypotheses';
import type { FoundBeam } from './latticeLayout';
import { LatticeReadout } from './latticeReadout';
import { LatticeView, measuredLattice } from './latticeView';
import { rootLabel } from './treeWords';

export interface BeamActions {
  readonly change: (beam: BeamSettings) => void;
  readonly search: () => void;
  readonly stop: () => void;
  readonly take: (index: number) => void;
  readonly toEditor: (index: number) => void;
  readonly go: (node: number) => void;
  readonly run: (button: ViewButton) => void;
}

export function BeamSection(properties: {
  readonly document: SamplerDocument;
  readonly beam: SamplerBeam;
  readonly actions: BeamActions;
}) {
  const { document: tree, beam, actions } = properties;
  return (
    <section class="beam" aria-label="Beam search" data-beam={beam.kind} aria-busy={beam.kind === 'working'}>
      <div class="ar-cap">
        <h2>Beam search</h2>
        <span class="ar-note">
          draws nothing: keeps the likeliest continuations of the cursor’s text at each step
        </span>
      </div>
      <BeamSettingsBar
        settings={tree.beam}
        searching={beam.kind === 'working'}
        onChange={actions.change}
        onSearch={actions.search}
        onStop={actions.stop}
      />
      <State beam={beam} tree={tree} actions={actions} />
    </section>
  );
}

function State(properties: {
  readonly beam: SamplerBeam;
  readonly tree: SamplerDocument;
  readonly actions: BeamActions;
}) {
  const { beam, tree, actions } = properties;
  switch (beam.kind) {
    case 'none':
      return (
        <p class="ar-note" role="status">
          {beam.sentence === ''
            ? 'Nothing is searched for yet: Search starts where the cursor stands.'
            : beam.sentence}
        </p>
      );
    case 'working':
      return (
        <div class="searching">
          <p role="status">
            Searching ·{' '}
            <Quantity text={`${formatCount(beam.step)} of ${formatCount(beam.length)}`} unit="steps" />
          </p>
          <Progress name="Beam search" share={beam.step / beam.length} />
        </div>
      );
    case 'failed': {
      const { button } = beam;
      return (
        <div class="ar-state ar-failed">
          <p role="alert">
            <Quote>{beam.sentence}</Quote>
          </p>
          {button === undefined ? null : <Button onPress={() => actions.run(button)}>{button.label}</Button>}
        </div>
      );
    }
    case 'result':
      return <Found key={beam.serial} beam={beam} tree={tree} actions={actions} />;
    default:
      return beam satisfies never;
  }
}

function Found(properties: {
  readonly beam: FoundBeam;
  readonly tree: SamplerDocument;
  readonly actions: BeamActions;
}) {
  const { beam, tree, actions } = properties;
  const start = rootLabel(tree.prompt + textOf(tree.nodes, beam.from));
  // Every state brings a copy of the same search: its serial says whether it is another one.
  const layout = useMemo(() => measuredLattice(beam, start), [beam.serial, start]);
  const [current, setCurrent] = useState(beam.result.hypotheses[0]?.node ?? -1);
  const [pointed, setPointed] = useState<number>();
  const before = pathTo(tree.nodes, beam.from).length;
  const shown = layout.nodes[pointed ?? current];
  const spoken = latticeSentence(layout.nodes[current], beam);
  return (
    <>
      <Greedy beam={beam} />
      {beam.from === tree.current ? null : (
        <p class="ar-note from">
          It starts after <Quantity text={formatCount(before)} unit={before === 1 ? 'token' : 'tokens'} /> of
          the text, not where the cursor is now.{' '}
          <Button onPress={() => actions.go(beam.from)}>Go There</Button>
        </p>
      )}
      <LatticeView
        beam={beam}
        layout={layout}
        rootLabel={start}
        current={current}
        pointed={pointed}
        spoken={spoken}
        onCurrent={setCurrent}
        onPoint={(node) => {
          if (node !== pointed) setPointed(node);
        }}
        onTake={actions.take}
      />
      <LatticeReadout node={shown} beam={beam} />
      <ul class="ar-legend" data-legend="nats">
        <li>
          <i class="box winner" />
          the best hypothesis
        </li>
        <li>
          <i class="box" />
          kept
        </li>
        <li>
          <i class="box ended" />
          ended at a stop
        </li>
        <li>
          <i class="box cut" />
          out of the beam
        </li>
        <li>
          <Quote>№</Quote> a hypothesis ends here; under each token the log p so far, in nats
          {beam.settings.lengthPenalty === 0 ? '' : ' → its score'}
        </li>
      </ul>
      <Hypotheses beam={beam} onTake={actions.take} onEditor={actions.toEditor} />
    </>
  );
}
