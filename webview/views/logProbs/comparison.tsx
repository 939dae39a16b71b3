// Two models on the same file: the choice of the second, totals of both, and who wins where.
import { Button, Dropdown } from '../../ui/controls';
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import { formatCount, formatValue } from '../../ui/format';
import type { LogProbsContent, LogProbsRun } from '../../../src/protocol/logProbs';
import { EVEN, type Wins } from './alignment';
import { ledger } from './ledger';

export function ComparisonPanel(properties: {
  readonly content: LogProbsContent;
  readonly characters: number;
  readonly wins: Wins | undefined;
  readonly onCompare: (run: string) => void;
  readonly onCancel: () => void;
}) {
  const { content, characters, wins, onCompare } = properties;
  const { comparison, comparable, first } = content;
  const chosen = comparison.kind === 'result' ? comparison.second.run : '';
  const choices = [{ value: '', label: 'no other model' }, ...comparable.map(asChoice)];
  if (chosen !== '' && comparison.kind === 'result' && !comparable.some(({ run }) => run === chosen))
    choices.push({ value: chosen, label: comparison.second.label });
  return (
    <section class="comparison" aria-label="Comparison">
      <h2>Compare with</h2>
      {comparable.length === 0 && chosen === '' ? (
        <p class="ar-note">This folder has no other run with weights.</p>
      ) : (
        <Dropdown name="Compare with another model" value={chosen} choices={choices} onChoose={onCompare} />
      )}
      {comparison.kind === 'working' ? (
        <div class="scoring">
          <p class="ar-note" role="status">
            Scoring with <Quote>{comparison.label}</Quote>{' '}
            <Quantity text={String(Math.floor(comparison.share * 100))} unit="% done" />
          </p>
          <Button onPress={properties.onCancel}>Cancel</Button>
        </div>
      ) : null}
      {comparison.kind === 'failed' ? (
        <p class="ar-failed" role="alert">
          <Quote>{`${comparison.label}: ${comparison.sentence}`}</Quote>
        </p>
      ) : null}
      {comparison.kind === 'result' && wins !== undefined ? (
        <>
          <Totals first={first} second={comparison.second} characters={characters} />
          <WinsTable wins={wins} />
        </>
      ) : null}
    </section>
  );
}

const asChoice = ({ run, label }: { run: string; label: string }) => ({ value: run, label });

function Totals(properties: {
  readonly first: LogProbsRun;
  readonly second: LogProbsRun;
  readonly characters: number;
}) {
  const { first, second, characters } = properties;
  const rows = ledger(first.summary, characters).map((row, index) => ({
    row,
    other: ledger(second.summary, characters)[index],
  }));
  return (
    <table class="totals">
      <thead class="ar-label">
        <tr>
          <th scope="col">
            <span class="ar-hidden">unit</span>
          </th>
          <th scope="col">first</th>
          <th scope="col">second</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ row, other }) => (
          <tr key={row.id}>
            <th scope="row">
              <span class="ar-hidden">{row.figure.unit}</span>
            </th>
            <td>
              <FigureInline figure={row.figure} quiet />
            </td>
            <td>{other === undefined ? null : <FigureInline figure={other.figure} quiet />}</td>
          </tr>
        ))}
        {(['context', 'stride'] as const).map((name) => (
          <tr key={name} data-row={name}>
            <th scope="row">{name}</th>
            {[first, second].map(({ summary }, which) => (
              <td key={which}>
                <Quantity text={formatCount(summary[name])} unit="tokens" />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function WinsTable({ wins }: { readonly wins: Wins }) {
  const rows = [
    ['first wins', wins.first, wins.firstSaves],
    ['second wins', wins.second, wins.secondSaves],
    ['even', wins.even, undefined],
  ] as const;
  return (
    <>
      <table class="totals">
        <thead class="ar-label">
          <tr>
            <th scope="col">
              <span class="ar-hidden">who</span>
            </th>
            <th scope="col">stretches</th>
            <th scope="col">bits saved</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([who, count, saved]) => (
            <tr key={who}>
              <th scope="row">{who}</th>
              <td>
                <Quantity text={formatCount(count)} unit="stretches" hideUnit />
              </td>
              <td>
                {saved === undefined ? null : <Quantity text={formatValue(saved, 2)} unit="bits" hideUnit />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="ar-label">
        <Quantity text={formatCount(wins.compared)} unit="stretches" /> that both models scored, cut where
        both have a token’s end; within <Quantity text={String(EVEN)} unit="bits" /> is even
      </p>
    </>
  );
}
