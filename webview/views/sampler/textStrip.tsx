// The text so far: a prompt that can be changed, the tokens chosen after it, and what the whole of them costs.
import { useEffect, useRef } from 'preact/hooks';
import type { SamplerContent } from '../../../src/protocol/samplerView';
import { FigureBlock, FigureInline, Quote } from '../../ui/figure';
import { pathTo } from '../../plots/branches';
import { bitsFigure, totalOf } from './branches';

const MOST_TOKENS = 400;

export function TextStrip(properties: {
  readonly content: SamplerContent;
  readonly onPrompt: (prompt: string) => void;
}) {
  const { content, onPrompt } = properties;
  const { document: tree } = content;
  const { nodes, current, prompt } = tree;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (field.current !== null && document.activeElement !== field.current) field.current.value = prompt;
  }, [prompt]);
  const path = pathTo(nodes, current);
  const shown = path.slice(-MOST_TOKENS);
  return (
    <section class="strip" aria-label="The text so far">
      <textarea
        ref={field}
        class="field"
        rows={2}
        aria-label="Prompt; another one starts a new tree"
        placeholder="Prompt: empty lets the model begin a text"
        defaultValue={prompt}
        onChange={(event) => onPrompt(event.currentTarget.value)}
      />
      <pre class="written" tabIndex={0} aria-label="Text written after the prompt" data-quote="">
        {path.length > shown.length ? '…' : ''}
        {shown.map((node) => (
          <span
            key={node}
            class={`${nodes[node]?.forced === true ? 'forced' : ''} ${node === current ? 'last' : ''}`}
          >
            {nodes[node]?.text}
          </span>
        ))}
      </pre>
      <Totals content={content} />
    </section>
  );
}

function Totals({ content }: { readonly content: SamplerContent }) {
  const { document: tree, next } = content;
  const { count, bits, drawnBits, forced } = totalOf(tree.nodes, tree.current);
  if (count === 0 || next === null) {
    return <p class="ar-note">No token is chosen yet: Next Token takes what the seed draws.</p>;
  }
  const badge = next.likelihood;
  const perplexity = { value: 2 ** (bits / count), unit: 'perplexity', count, of: 'tokens', badge } as const;
  return (
    <div class="totals">
      <FigureBlock label="continuation, under the model" figure={bitsFigure(bits, count, badge)} digits={2}>
        {' · '}
        <FigureInline figure={perplexity} digits={2} quiet />
      </FigureBlock>
      {drawnBits === null ? (
        <div class="ar-figure">
          <div class="ar-label">under what was drawn from</div>
          <div class="ar-value">
            ∞<span class="ar-unit">bits</span>
          </div>
          <div class="ar-detail">
            {forced > 0 ? 'a forced token had been cut' : 'a token that a beam found had been cut'}
          </div>
        </div>
      ) : (
        <FigureBlock
          label="under what was drawn from"
          figure={bitsFigure(drawnBits, count, badge)}
          digits={2}
        >
          {forced > 0 ? <Quote>{`, ${forced} forced`}</Quote> : null}
        </FigureBlock>
      )}
    </div>
  );
}
