// The diagram as a table: the same nodes, shapes and counts, for reading, copying and screen readers.
import type { DiagramNode, DiagramReport } from '../../../src/protocol/diagram';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { readsText, shapeText, lettersText } from './words';

/** The element that says what the drawing shows. */
export const NODE_TABLE = 'nodes';

export function NodeTable(properties: {
  readonly report: DiagramReport;
  readonly onLight: (id: string) => void;
}) {
  const { report, onLight } = properties;
  return (
    <div id={NODE_TABLE} class="nodes" tabIndex={0} role="region" aria-label="Nodes">
      <table>
        <caption class="ar-hidden">Nodes of the model, inputs first</caption>
        <thead>
          <tr class="ar-label">
            <th scope="col">node</th>
            <th scope="col">reads</th>
            <th scope="col">hands on</th>
            <th scope="col" class="number">
              parameters
            </th>
          </tr>
        </thead>
        <tbody>
          {report.nodes.map((node) => (
            <Row key={node.id} node={node} onLight={onLight} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">all nodes</th>
            <td />
            <td />
            <td class="number">
              <Quantity text={formatCount(report.parameters)} unit="parameters" hideUnit />
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Row({ node, onLight }: { readonly node: DiagramNode; readonly onLight: (id: string) => void }) {
  return (
    <tr data-node={node.id} onPointerEnter={() => onLight(node.id)} onPointerLeave={() => onLight('')}>
      <th scope="row">
        <Quote>{node.title}</Quote>
        {node.inside.map(({ title, shape }) => (
          <span key={title} class="ar-note inside">
            <Quote>{title}</Quote> <Shape shape={shape} />
          </span>
        ))}
      </th>
      <td class="ar-note reads">
        {node.inputs.map((input) => (
          <Quote key={input.from}>{readsText(input)}</Quote>
        ))}
      </td>
      <td>
        <Shape shape={node.shape} />
      </td>
      <td class="number">
        <Quantity text={formatCount(node.parameters)} unit="parameters" hideUnit />
      </td>
    </tr>
  );
}

function Shape({ shape }: { readonly shape: DiagramNode['shape'] }) {
  return (
    <span title={lettersText(shape)}>
      <Quantity text={shapeText(shape)} unit={`shape ${lettersText(shape)}`} hideUnit />
    </span>
  );
}
