// The whole Sampler as a function of its state: head, settings, text, distribution beside the tree of branches.
import type { SamplerContent, SamplerHostCalls } from '../../../src/protocol/samplerView';
import type { ViewState } from '../../../src/protocol/views';
import { BranchList } from '../../plots/branchList';
import { ROOT } from '../../plots/branches';
import { TreeView } from '../../plots/tree';
import { Button } from '../../ui/controls';
import { useCursor } from '../../ui/cursor';
import { Quantity, Quote } from '../../ui/figure';
import { actionsOf, FourStates, Trouble } from '../../ui/fourStates';
import { formatCount } from '../../ui/format';
import type { Ask } from '../../ui/host';
import { CopyIcon, PauseIcon, PlayIcon } from '../../ui/icons';
import { LiveRegion } from '../../ui/liveRegion';
import { Menu } from '../../ui/menu';
import { SavePicture } from '../../ui/savePicture';
import { BeamSection } from './beamSection';
import { BRANCH_COLUMNS, branchRows } from './branchRows';
import { comparisonOf } from './comparison';
import { Distribution } from './distribution';
import { samplerCsv, samplerJson, type SamplerTable } from './exportData';
import { OpenDraw } from './openDraw';
import { pictureOf } from './samplerPicture';
import { SettingsBar } from './settingsBar';
import { Stages } from './stages';
import { SoftmaxFormula } from './softmaxFormula';
import { TextStrip } from './textStrip';
import { spokenCursor, treeWords } from './treeWords';

const TITLE = 'How does it choose?';

export interface SamplerViewProperties {
  readonly state: ViewState<SamplerContent>;
  /** What the host could not do, or ''. */
  readonly trouble: string;
  readonly host: Ask<SamplerHostCalls>;
}

export function SamplerView({ state, trouble, host }: SamplerViewProperties) {
  return (
    <FourStates title={TITLE} state={state} actions={actionsOf(host)}>
      {(content) => <Result content={content} trouble={trouble} host={host} />}
    </FourStates>
  );
}

function Result(properties: {
  readonly content: SamplerContent;
  readonly trouble: string;
  readonly host: Ask<SamplerHostCalls>;
}) {
  const { content, trouble, host } = properties;
  const { next, note, problem, beam } = content;
  const [tree, onGo] = useCursor(content.document, content.turn, (move) => host('go', move));
  const fresh = content.fresh && tree === content.document;
  const badge = next?.likelihood ?? 'none';
  return (
    <main class="ar-view sampler" data-state="result">
      <Head content={content} host={host} />
      <Trouble sentence={trouble === '' ? problem : trouble} />
      <SettingsBar document={tree} end={next?.end ?? ''} onChange={(change) => host('change', change)} />
      <TextStrip content={{ ...content, document: tree }} onPrompt={(prompt) => host('change', { prompt })} />
      {note === '' ? null : (
        <p class="ar-note" role="status">
          <Quote>{note}</Quote>
        </p>
      )}
      <div class="stage">
        {next === null ? null : (
          <div class="chosen">
            <Stages
              step={next}
              settings={tree.settings}
              compared={tree.compared}
              onCompare={(compared) => host('change', { compared })}
            />
            <Distribution
              step={next}
              comparison={comparisonOf(next, tree.compared)}
              settings={tree.settings}
              fresh={fresh}
              onForce={(id) => host('force', { id })}
            />
          </div>
        )}
        <div class="grown">
          <section aria-label="Branches">
            <div class="ar-cap">
              <h2>Branches</h2>
              <span class="ar-note">p of each step under the model; bits of the whole path</span>
            </div>
            <TreeView tree={tree} words={treeWords(tree, badge)} onGo={onGo} />
            <ul class="ar-legend" data-legend="bits">
              <li>
                <i class="ar-swatch current" />
                path to the cursor
              </li>
              <li>
                <i class="ar-swatch" />
                other branches; thicker is likelier
              </li>
              <li>
                <i class="square" />
                forced by hand
              </li>
              <li>
                <i class="square found" />
                found by a beam
              </li>
            </ul>
            <BranchList
              rows={branchRows(tree, badge)}
              columns={BRANCH_COLUMNS}
              elements="tokens"
              onGo={onGo}
              onName={(node, name) => host('name', { node, name })}
            />
          </section>
          {next === null ? null : <OpenDraw step={next} settings={tree.settings} fresh={fresh} />}
        </div>
      </div>
      <BeamSection
        document={tree}
        beam={beam}
        actions={{
          change: (settings) => host('change', { beam: settings }),
          search: () => host('search', undefined),
          stop: () => host('stopSearch', undefined),
          take: (index) => host('takeHypothesis', { index }),
          toEditor: (index) => host('hypothesisToEditor', { index }),
          go: onGo,
          run: actionsOf(host).run,
        }}
      />
      {next === null ? null : <SoftmaxFormula step={next} settings={tree.settings} />}
      <LiveRegion sentence={spokenCursor(tree)} />
    </main>
  );
}

function Head({ content, host }: { readonly content: SamplerContent; readonly host: Ask<SamplerHostCalls> }) {
  const { document: tree, model, device, next, running, elementsPerSecond } = content;
  return (
    <header class="ar-head">
      <div class="ar-titles">
        <h1>{TITLE}</h1>
        <p class="ar-sub">
          <Quote>{[model, next?.family ?? '', device].filter((part) => part !== '').join(' · ')}</Quote>
          {elementsPerSecond === null ? null : (
            <>
              {' · '}
              <Quantity text={formatCount(elementsPerSecond)} unit="tokens/s" />
            </>
          )}
          {next === null ? null : (
            <>
              {' · '}
              <Quantity
                text={`${formatCount(next.window)} of ${formatCount(next.context)}`}
                unit="tokens of context"
              />
            </>
          )}
        </p>
      </div>
      <div class="ar-tools" role="toolbar" aria-label="Sampler">
        <Button primary onPress={() => host('step', undefined)}>
          Next Token
        </Button>
        {running ? (
          <Button onPress={() => host('pause', undefined)}>
            <span slot="start">
              <PauseIcon />
            </span>
            Pause
          </Button>
        ) : (
          <Button onPress={() => host('run', undefined)}>
            <span slot="start">
              <PlayIcon />
            </span>
            Run
          </Button>
        )}
        {tree.current === ROOT ? null : <Button onPress={() => host('back', undefined)}>Back</Button>}
        <Button onPress={() => host('toEditor', undefined)}>To Editor</Button>
        <Menu
          look="icon"
          name="Copy as data"
          items={[
            { id: 'candidates', label: 'Copy candidates as CSV' },
            { id: 'draw', label: 'Copy the draw as CSV' },
            { id: 'tree', label: 'Copy tree as CSV' },
            ...(content.beam.kind === 'result' ? [{ id: 'lattice', label: 'Copy lattice as CSV' }] : []),
            { id: 'json', label: 'Copy all as JSON' },
          ]}
          onChoose={(what) => copy(host, content, what)}
        >
          <CopyIcon />
        </Menu>
        <SavePicture host={host} name="sampler" picture={() => pictureOf(TITLE, content)} />
      </div>
    </header>
  );
}

const TABLES: Readonly<Record<string, readonly [SamplerTable, string]>> = {
  candidates: ['candidates', 'The candidates as CSV'],
  draw: ['draw', 'The draw as CSV'],
  tree: ['tree', 'The tree as CSV'],
  lattice: ['lattice', 'The lattice as CSV'],
};

function copy(host: Ask<SamplerHostCalls>, content: SamplerContent, what: string): void {
  const [table, words] = TABLES[what] ?? [];
  if (table === undefined || words === undefined) {
    host('copy', { text: samplerJson(content), what: 'The sampler as JSON' });
  } else {
    host('copy', { text: samplerCsv(content, table), what: words });
  }
}
