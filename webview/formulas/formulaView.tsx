// A formula with a person's numbers in it: definition, the numbers, what it comes to, and what each letter means.
// The result beside it is the view's own number; the formula is evaluated apart from it, and a test holds the two equal.
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { toErrorRecord } from '../../src/protocol/errors';
import { Quote } from '../ui/figure';
import { isOpen, rememberOpen } from '../ui/host';
import type { Formula, FormulaId, FormulaValues } from './formula';
import { FORMULAS } from './formulaTable';
import './formulas.css';
import { loadKatex, type DrawFormula } from './katexLoader';
import { latexNumber, latexOfLog } from './latexNumber';

/** A closed section costs nothing: KaTeX is fetched, and formulas are made, when it is opened. */
export function FormulaSection(properties: {
  /** Told apart from other sections of the view when it is remembered whether it is open. */
  readonly name: string;
  readonly title: string;
  readonly children: () => ComponentChildren;
  readonly onOpen?: (open: boolean) => void;
}) {
  const { name, title, children, onOpen } = properties;
  const [open, setOpen] = useState(() => isOpen(name));
  useEffect(() => onOpen?.(open), [open]);
  return (
    <details
      class="ar-formulas"
      open={open}
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
        rememberOpen(name, currentTarget.open);
      }}
    >
      <summary>{title}</summary>
      {open ? <div class="ar-formula-list">{children()}</div> : null}
    </details>
  );
}

export function FormulaView<Id extends FormulaId>(properties: {
  readonly id: Id;
  readonly values: FormulaValues[Id];
  /** What it comes to, as the view shows it: with unit, count and badge where it is a likelihood. */
  readonly children?: ComponentChildren;
}) {
  const { id, values, children } = properties;
  const formula: Formula<FormulaValues[Id]> = FORMULAS[id];
  const { latex, value } = useMemo(() => withNumbers(formula, values), [formula, ...Object.values(values)]);
  return (
    <figure class="ar-formula" data-formula={id} data-value={String(value)} data-unit={formula.unit}>
      <figcaption class="ar-label">{formula.title}</figcaption>
      <Latex latex={latex} name={formula.title} display />
      {children === undefined ? null : <div class="ar-formula-result">{children}</div>}
      <dl class="ar-symbols ar-note">
        {formula.symbols.map(({ latex: symbol, meaning }) => (
          <div key={symbol}>
            <dt>
              <Latex latex={symbol} name={meaning} />
            </dt>
            <dd>
              <Quote>{meaning}</Quote>
            </dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}

function withNumbers<Values>(formula: Formula<Values>, values: Values) {
  const value = formula.evaluate(values);
  const result = formula.logarithm === true ? latexOfLog(value) : latexNumber(value, 7);
  const lines = [`${formula.left} &= ${formula.right}`, `&= ${formula.numbers(values)}`, `&= ${result}`];
  return { value, latex: `\\begin{aligned} ${lines.join(' \\\\[6px] ')} \\end{aligned}` };
}

/** Drawn by KaTeX, with MathML beside it for screen readers; wide ones scroll in their own box. */
function Latex(properties: { readonly latex: string; readonly name: string; readonly display?: boolean }) {
  const { latex, name, display = false } = properties;
  const element = useRef<HTMLDivElement>(null);
  const [draw, setDraw] = useState<{ readonly formula?: DrawFormula; readonly problem?: string }>({});
  useEffect(() => {
    let here = true;
    loadKatex().then(
      (formula) => here && setDraw({ formula }),
      (error: unknown) => here && setDraw({ problem: toErrorRecord(error).message }),
    );
    return () => {
      here = false;
    };
  }, []);
  const { formula, problem } = draw;
  useLayoutEffect(() => {
    try {
      if (element.current !== null) formula?.(latex, element.current, { displayMode: display });
    } catch (error) {
      setDraw({ problem: toErrorRecord(error).message });
    }
  }, [formula, latex, display]);
  if (problem !== undefined) return <span data-quote="">{display ? problem : name}</span>;
  if (!display) return <span ref={element} class="ar-symbol" />;
  // Focusable, because it may have to be scrolled.
  return <div ref={element} class="ar-latex" tabIndex={0} role="group" aria-label={name} />;
}
