// "How is the model built?": its nodes and edges as a drawing, and the same as a table.
import { useMemo, useRef, useState } from 'preact/hooks';
import type { DiagramContent, DiagramHostCalls } from '../../../src/protocol/diagramView';
import type { ViewState } from '../../../src/protocol/views';
import { Button, IconButton, Segments } from '../../ui/controls';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { actionsOf, FourStates, Trouble } from '../../ui/fourStates';
import type { Ask } from '../../ui/host';
import { CopyIcon, PictureIcon } from '../../ui/icons';
import { LiveRegion } from '../../ui/liveRegion';
import { Menu } from '../../ui/menu';
import { readTheme } from '../../ui/theme';
import { groupsOf, hasAlike, type Group } from './blocks';
import { drawingPng, drawingSize, drawingSvg } from './drawingFile';
import { nodesCsv, nodesJson } from './exportData';
import { mermaidSource, type MermaidSource } from './mermaidSource';
import { NodeTable } from './nodeTable';
import { Picture, type Zoom } from './picture';
import type { Settings } from './settings';
import { diagramSentence, lettersOf } from './words';

const TITLE = 'How is the model built?';

export interface DiagramViewProperties {
  readonly state: ViewState<DiagramContent>;
  readonly trouble: string;
  readonly settings: Settings;
  readonly host: Ask<DiagramHostCalls>;
  readonly change: (part: Partial<Settings>) => void;
}

export function DiagramView(properties: DiagramViewProperties) {
  const { state, host } = properties;
  return (
    <div class="diagram">
      <FourStates title={TITLE} state={state} actions={actionsOf(host)}>
        {(content) => <Result {...properties} content={content} />}
      </FourStates>
    </div>
  );
}

type ResultProperties = DiagramViewProperties & { readonly content: DiagramContent };

function Result(properties: ResultProperties) {
  const { content, settings, change } = properties;
  const { report, name, problem } = content;
  const [lit, setLit] = useState('');
  const [svg, setSvg] = useState<SVGSVGElement>();
  const zoom = useRef<(how: Zoom) => void>(() => undefined);
  const groups = useMemo(() => groupsOf(report, settings.blocks), [report, settings.blocks]);
  const source = useMemo(() => mermaidSource(groups), [groups]);
  const once = groups.some(({ alike }) => alike > 1);
  const sentence = diagramSentence(name, report);
  return (
    <main class="ar-view" data-state="result">
      <Head {...properties} source={source} svg={svg} />
      <Trouble sentence={properties.trouble === '' ? problem : properties.trouble} />
      <div class="stage">
        <section class="drawn" aria-label="Drawing">
          <div class="ar-cap">
            {hasAlike(report) ? (
              <Segments
                name="Blocks that are alike"
                value={once ? 'once' : 'each'}
                choices={[
                  { value: 'once', label: 'Alike blocks once' },
                  { value: 'each', label: 'Each block' },
                ]}
                onChoose={(blocks) => change({ blocks })}
              />
            ) : null}
            <span class="buttons">
              <IconButton name="Zoom out" onPress={() => zoom.current('out')}>
                −
              </IconButton>
              <IconButton name="Zoom in" onPress={() => zoom.current('in')}>
                +
              </IconButton>
              <Button onPress={() => zoom.current('readable')}>Width</Button>
              <Button onPress={() => zoom.current('whole')}>Whole</Button>
            </span>
          </div>
          <Picture source={source} name={sentence} lit={lit} onDrawn={setSvg} zoom={zoom} />
          <Letters content={content} groups={groups} />
        </section>
        <NodeTable report={report} onLight={setLit} />
      </div>
      <LiveRegion sentence={sentence} />
    </main>
  );
}

function Head(
  properties: ResultProperties & {
    readonly source: MermaidSource;
    readonly svg: SVGSVGElement | undefined;
  },
) {
  const { content, host, source, svg } = properties;
  const { name, report } = content;
  const copy = (what: string) => {
    if (what === 'mermaid') host('copy', { text: source.text, what: 'The diagram as mermaid text' });
    else if (what === 'csv') host('copy', { text: nodesCsv(content), what: 'The nodes as CSV' });
    else host('copy', { text: nodesJson(content), what: 'The nodes as JSON' });
  };
  const save = async (kind: string) => {
    if (svg === undefined) return;
    const description = diagramSentence(name, report);
    const text = drawingSvg(svg, { background: readTheme().color('ar-bg'), title: TITLE, description });
    const data =
      kind === 'svg'
        ? new TextEncoder().encode(text)
        : await drawingPng(text, drawingSize(svg), window.devicePixelRatio);
    host('save', { suggestedName: `${name.replaceAll(/[^\w.-]+/g, '-')}-diagram.${kind}`, data });
  };
  return (
    <header class="ar-head">
      <div class="ar-titles">
        <h1>{TITLE}</h1>
        <p class="ar-sub">
          <Quote>{`${name} · ${report.title}`}</Quote>
          {' · '}
          <Quantity text={formatCount(report.parameters)} unit="parameters" />
          {report.weights === 'own' ? '' : ', as the spec would be built'}
        </p>
      </div>
      <div class="ar-tools" role="toolbar" aria-label="Diagram">
        <Menu
          look="icon"
          name="Copy as data"
          items={[
            { id: 'mermaid', label: 'Copy as mermaid text' },
            { id: 'csv', label: 'Copy the nodes as CSV' },
            { id: 'json', label: 'Copy the nodes as JSON' },
          ]}
          onChoose={copy}
        >
          <CopyIcon />
        </Menu>
        <Menu
          look="icon"
          name="Save picture"
          items={[
            { id: 'png', label: 'Save as PNG' },
            { id: 'svg', label: 'Save as SVG' },
          ]}
          onChoose={(kind) => void save(kind)}
        >
          <PictureIcon />
        </Menu>
      </div>
    </header>
  );
}

/** What the letters of the shapes mean, and what the drawing leaves unsaid. */
function Letters({
  content,
  groups,
}: {
  readonly content: DiagramContent;
  readonly groups: readonly Group[];
}) {
  const { report } = content;
  return (
    <div class="letters ar-note">
      <dl>
        {lettersOf(report).map(({ letter, meaning, sizes }) => (
          <div key={letter}>
            <dt>{letter}</dt>
            <dd>
              {meaning}
              {sizes.map((size) => (
                <span key={size}>
                  {', '}
                  <Quantity text={formatCount(size)} unit={meaning} hideUnit />
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      {groups.map(({ title, lastTitle, alike, parameters }) =>
        alike === 1 ? null : (
          <p key={title} data-note="alike">
            Drawn once: <Quote>{`${title} to ${lastTitle}`}</Quote>,{' '}
            <Quantity text={formatCount(parameters)} unit="parameters in all" />.
          </p>
        ),
      )}
      <p>
        <kbd>arrows</kbd> move, <kbd>+</kbd> <kbd>−</kbd> zoom,{' '}
        <kbd>
          <Quantity text="0" unit="key" hideUnit />
        </kbd>{' '}
        shows all, <kbd>Home</kbd> the width; drag and Ctrl-wheel do too.
      </p>
      <p>
        An arrow without words reads its own {report.domain === 'text' ? 'position' : 'sub-pixel'} alone. What
        several nodes use is counted in the first.
      </p>
      {report.standIn ? (
        <p data-note="stand-in">
          The data’s characters decide the vocabulary, and no data was read: V is a stand-in of{' '}
          <Quantity text={formatCount(report.vocabulary)} unit="tokens" />, and so is what is counted with it.
        </p>
      ) : null}
      {report.weights === 'random' && report.parameters === 0 ? (
        <p>This family counts its table from the data: a spec has no parameters yet.</p>
      ) : null}
    </div>
  );
}
