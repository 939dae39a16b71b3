// What the beam found, best first, and greedy beside it: texts, log-probabilities, scores; each can be taken.
import type { BeamHypothesis } from '../../../src/protocol/sampler';
import { Button } from '../../ui/controls';
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import { formatCount, formatValue, visibleToken } from '../../ui/format';
import { againstGreedy, endName, natsFigure, scoreName } from './beamWords';
import type { FoundBeam } from './latticeLayout';

/** The answer in one sentence: what a wider look was worth. */
export function Greedy({ beam }: { readonly beam: FoundBeam }) {
  const { hypotheses, greedy, likelihood } = beam.result;
  const [best] = hypotheses;
  if (best === undefined) return null;
  const figure = ({ total, ids }: BeamHypothesis) => (
    <FigureInline figure={natsFigure(total, ids.length, likelihood)} digits={4} />
  );
  const relation = againstGreedy(best, greedy);
  const apart = Math.abs(best.total - greedy.total);
  return (
    <p class="answer">
      Greedy finds {figure(greedy)}, the beam of{' '}
      <Quantity text={formatCount(beam.settings.width)} unit="hypotheses" hideUnit /> {figure(best)}:{' '}
      {relation === 'same' ? (
        'the same text.'
      ) : (
        <>
          <Quantity text={apart.toFixed(4)} unit="nats" />{' '}
          {relation === 'likelier' ? 'likelier.' : 'unlikelier, chosen for its score.'}
        </>
      )}
    </p>
  );
}

export function Hypotheses(properties: {
  readonly beam: FoundBeam;
  readonly onTake: (index: number) => void;
  readonly onEditor: (index: number) => void;
}) {
  const { beam, onTake, onEditor } = properties;
  const { hypotheses, greedy } = beam.result;
  return (
    <table class="hypotheses">
      <thead>
        <tr class="ar-label">
          <th scope="col" class="number">
            №
          </th>
          <th scope="col">hypothesis: choose it as a branch</th>
          <th scope="col" class="number">
            tokens
          </th>
          <th scope="col" class="number">
            log p
          </th>
          <th scope="col" class="number">
            score, <Quote>{scoreName(beam.settings)}</Quote>
          </th>
          <th scope="col">ended by</th>
          <th scope="col">
            <span class="ar-hidden">send</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {hypotheses.map((hypothesis, index) => (
          <tr key={hypothesis.node} data-hypothesis={index} class={index === 0 ? 'on' : ''}>
            <td class="number">
              <Quantity text={formatCount(index + 1)} unit="place" hideUnit />
            </td>
            <td>
              <button
                type="button"
                class="token"
                title="Make it a branch and go to its end"
                onClick={() => onTake(index)}
              >
                <Quote>{visibleToken(hypothesis.text)}</Quote>
              </button>
            </td>
            <Figures hypothesis={hypothesis} beam={beam} />
            <td>
              <Button onPress={() => onEditor(index)}>To Editor</Button>
            </td>
          </tr>
        ))}
        <tr class="greedy" data-greedy="">
          <td class="number ar-label">greedy</td>
          <td>
            <span class="token plain">
              <Quote>{visibleToken(greedy.text)}</Quote>
            </span>
          </td>
          <Figures hypothesis={greedy} beam={beam} />
          <td />
        </tr>
      </tbody>
    </table>
  );
}

function Figures({ hypothesis, beam }: { readonly hypothesis: BeamHypothesis; readonly beam: FoundBeam }) {
  const { ids, total, score, stopped } = hypothesis;
  return (
    <>
      <td class="number">
        <Quantity text={formatCount(ids.length)} unit="tokens" hideUnit />
      </td>
      <td class="number" data-label="log p">
        <FigureInline figure={natsFigure(total, ids.length, beam.result.likelihood)} digits={4} quiet />
      </td>
      <td class="number" data-label="score" data-score={score}>
        <Quantity text={formatValue(score, 4)} unit="nats, normalised" hideUnit />
      </td>
      <td>
        <Quote>{endName(stopped)}</Quote>
      </td>
    </>
  );
}
