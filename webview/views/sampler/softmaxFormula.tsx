// The softmax with temperature of one candidate, with the numbers that this step has. Its result is the table's.
import { useState } from 'preact/hooks';
import type { SamplerSettings, SamplerStep } from '../../../src/protocol/sampler';
import type { FormulaValues } from '../../formulas/formula';
import { FormulaSection, FormulaView } from '../../formulas/formulaView';
import { Dropdown } from '../../ui/controls';
import { Quantity } from '../../ui/figure';
import { visibleToken } from '../../ui/format';
import { probabilityText } from './cutWords';

export function softmaxValues(
  { logits }: SamplerStep,
  { temperature }: SamplerSettings,
  row: number,
): FormulaValues['softmax'] {
  return { logits: logits.value, row, temperature, logSum: logits.logSum };
}

/** Of a candidate, after the temperature and before any filter cuts. */
export const temperedProbability = ({ stages }: SamplerStep, row: number): number =>
  stages.find(({ by }) => by === 'temperature')?.probability[row] ?? NaN;

export function SoftmaxFormula(properties: {
  readonly step: SamplerStep;
  readonly settings: SamplerSettings;
}) {
  const { step, settings } = properties;
  const [chosen, setChosen] = useState('');
  const ids = Array.from(step.id, String);
  const value = ids.includes(chosen)
    ? chosen
    : (ids.find((id) => id === String(step.drawn.id)) ?? ids[0] ?? '');
  const row = ids.indexOf(value);
  const shown = temperedProbability(step, row);
  const filtered = step.stages.at(-1)?.by !== 'temperature';
  return (
    <FormulaSection name="softmax" title="Formula">
      {() => (
        <div>
          <div class="ar-cap">
            <span class="ar-note">of the token</span>
            <Dropdown
              name="Token of the formula"
              value={value}
              choices={ids.map((id, at) => ({ value: id, label: visibleToken(step.texts[at] ?? '') }))}
              onChoose={setChosen}
            />
          </div>
          {settings.temperature === 0 ? (
            <FormulaView id="greedy" values={{ logits: step.logits.value, row }}>
              <Shown probability={shown} />
            </FormulaView>
          ) : (
            <FormulaView id="softmax" values={softmaxValues(step, settings, row)}>
              <Shown probability={shown} />
            </FormulaView>
          )}
          {filtered ? (
            <p class="ar-note">
              What the filters leave of it is divided by its sum: that is what is drawn from.
            </p>
          ) : null}
        </div>
      )}
    </FormulaSection>
  );
}

function Shown({ probability }: { readonly probability: number }) {
  return <Quantity text={probabilityText(probability)} unit="probability after the temperature" />;
}
