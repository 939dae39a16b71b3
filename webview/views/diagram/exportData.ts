// The diagram as data: its nodes as a table, or all that is known of them.
import type { DiagramContent } from '../../../src/protocol/diagramView';
import { toCsv } from '../../ui/copyAsData';
import { lettersText, readsText } from './words';

/** Sizes without thin spaces, an axis nobody has decided by its letter. */
export function nodesCsv({ report: { nodes } }: DiagramContent): string {
  const sizes = (shape: (typeof nodes)[number]['shape']) =>
    `[${shape.map(({ letter, size }) => size ?? letter).join(', ')}]`;
  return toCsv([
    { name: 'node', values: nodes.map(({ id }) => id) },
    { name: 'title', values: nodes.map(({ title }) => title) },
    { name: 'reads from', values: nodes.map(({ inputs }) => inputs.map(({ from }) => from).join('; ')) },
    { name: 'reads', values: nodes.map(({ inputs }) => inputs.map(readsText).join('; ')) },
    { name: 'hands on (letters)', values: nodes.map(({ shape }) => lettersText(shape)) },
    { name: 'hands on (shape)', values: nodes.map(({ shape }) => sizes(shape)) },
    { name: 'parameters', values: nodes.map(({ parameters }) => parameters) },
  ]);
}

export const nodesJson = ({ name, subject, report }: DiagramContent): string =>
  JSON.stringify({ name, subject, ...report }, null, 1);
