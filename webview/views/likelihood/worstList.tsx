// The most surprising tokens, worst first: a list box whose entries lead to their place in the editor.
import { useRef, useState } from 'preact/hooks';
import type { Badge } from '../../../src/protocol/figure';
import type { LikelihoodContent } from '../../../src/protocol/views';
import { FigureInline, Quantity } from '../../ui/figure';
import { formatCount, visibleToken } from '../../ui/format';
import { moveByKey } from '../../ui/keyboard';

export function WorstList(properties: {
  readonly worst: LikelihoodContent['worst'];
  readonly badge: Badge;
  readonly onReveal: (token: number) => void;
}) {
  const { worst, badge, onReveal } = properties;
  const [current, setCurrent] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const at = Math.min(current, worst.length - 1);
  const onKey = (event: KeyboardEvent, index: number, token: number) => {
    if (event.key === 'Enter' || event.key === ' ') onReveal(token);
    else {
      const next = moveByKey(event.key, index, worst.length);
      if (next === undefined) return;
      setCurrent(next);
      const item = list.current?.querySelectorAll('button')[next];
      item?.focus();
    }
    event.preventDefault();
  };
  return (
    <ul class="worst" ref={list}>
      {worst.map((one, index) => (
        <li key={one.token}>
          <button
            type="button"
            tabIndex={index === at ? 0 : -1}
            title={`Go to line ${one.line}`}
            onClick={() => onReveal(one.token)}
            onKeyDown={(event) => onKey(event, index, one.token)}
            onFocus={() => setCurrent(index)}
          >
            <span class="where ar-label">
              <span class="ar-hidden">line </span>
              <Quantity text={formatCount(one.line)} unit="line" hideUnit />
            </span>
            <span class="token" data-quote="">
              {visibleToken(one.text)}
            </span>
            <FigureInline
              figure={{ value: one.bits, unit: 'bits', count: 1, of: 'token', badge }}
              digits={1}
              quiet
            />
          </button>
        </li>
      ))}
    </ul>
  );
}
