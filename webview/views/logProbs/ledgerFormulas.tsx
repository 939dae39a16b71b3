// How the ledger's rows follow from one another, with this text's numbers.
import { FormulaSection, FormulaView } from '../../formulas/formulaView';
import { FigureInline } from '../../ui/figure';
import type { LedgerRow } from './ledger';

export function LedgerFormulas({ rows }: { readonly rows: readonly LedgerRow[] }) {
  const row = (id: string) => rows.find((each) => each.id === id)?.figure;
  const [nats, bits, perToken, perByte, perplexity] = [
    'nats',
    'bits',
    'perToken',
    'perByte',
    'perplexity',
  ].map(row);
  if (nats === undefined || bits === undefined) return null;
  return (
    <FormulaSection name="ledger" title="Formulas">
      {() => (
        <>
          <FormulaView id="bits" values={{ nats: nats.value }}>
            <FigureInline figure={bits} digits={6} />
          </FormulaView>
          {perToken === undefined ? null : (
            <FormulaView id="bitsPerToken" values={{ bits: bits.value, tokens: perToken.count }}>
              <FigureInline figure={perToken} digits={6} />
            </FormulaView>
          )}
          {perByte === undefined ? null : (
            <FormulaView id="bitsPerByte" values={{ bits: bits.value, bytes: perByte.count }}>
              <FigureInline figure={perByte} digits={6} />
            </FormulaView>
          )}
          {perplexity === undefined ? null : (
            <FormulaView id="perplexity" values={{ nats: nats.value, tokens: perplexity.count }}>
              <FigureInline figure={perplexity} digits={6} />
            </FormulaView>
          )}
        </>
      )}
    </FormulaSection>
  );
}
