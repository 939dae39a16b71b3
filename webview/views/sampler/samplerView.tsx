// The whole Sampler as a function of its state: head, settings, text, distribution beside the tree of branches.
import type { SamplerContent, SamplerHostCalls } from '../../../src/protocol/samplerView';
import type { ViewState } from '../../../src/protocol/views';
import { Button, IconButton } from '../../ui/controls';
import { Quantity, Quote } from '../../ui/figure';
import { FourStates, Trouble } from '../../ui/fourStates';
import { formatCount } from '../../ui/format';
import type { Ask } from '../../ui/host';
import { CopyIcon, PauseIcon, PictureIcon, PlayIcon } from '../../ui/icons';
import { LiveRegion } from '../../ui/liveRegion';
import { Menu } from '../../ui/menu';
import { canvasesToPng } from '../../ui/savePng';
import { readTheme } from '../../ui/theme';
import { BranchList } from './branchList';
import { ROOT } from './branches';
import { Distribution } from './distribution';
import { distributionCanvas } from './distributionPicture';
import { samplerCsv, samplerJson } from './exportData';
import { SettingsBar } from './settingsBar';
import { SoftmaxFormula } from './softmaxFormula';
import { TextStrip } from './textStrip';
import { spokenCursor, TreeView, wholeTree } from './treeView';

const TITLE = 'How does it choose?';

export interface SamplerViewProperties {
  readonly state: ViewState<SamplerContent>;
  /** What the host could not do, or ''. */
  readonly trouble: string;
  readonly host: Ask<SamplerHostCalls>;
}

export function SamplerView({ state, trouble, host }: SamplerViewProperties) {
  const actions = {
    run: ({ command, argument }: { command: string; argument?: string }) =>
      host('command', argument === undefined ? { command } : { command, argument }),
    cancel: () => host('cancel', undefined),
  };
  return (
    <FourStates title={TITLE} state={state} actions={actions}>
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
  const { document: tree, next, fresh, note, problem } = content;
  const badge = next?.likelihood ?? 'none';
  const onGo = (node: number) => host('go', { node });
  return (
    <main class="ar-view sampler" data-state="result">
      <Head content={content} host={host} />
      <Trouble sentence={trouble === '' ? problem : trouble} />
      <SettingsBar document={tree} onChange={(change) => host('change', change)} />
      <TextStrip content={content} onPrompt={(prompt) => host('change', { prompt })} />
      {note === '' ? null : (
        <p class="ar-note" role="status">
          <Quote>{note}</Quote>
        </p>
      )}
      <div class="stage">
        {next === null ? null : (
          <Distribution
            step={next}
            settings={tree.settings}
            fresh={fresh}
            onForce={(id) => host('force', { id })}
          />
        )}
        <section class="grown" aria-label="Branches">
          <div class="ar-cap">
            <h2>Branches</h2>
            <span class="ar-note">p of each step under the model; bits of the whole path</span>
          </div>
          <TreeView document={tree} badge={badge} onGo={onGo} />
          <ul class="ar-legend">
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
          </ul>
          <BranchList
            document={tree}
            badge={badge}
            onGo={onGo}
            onName={(node, name) => host('name', { node, name })}
          />
        </section>
      </div>
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
            { id: 'tree', label: 'Copy tree as CSV' },
            { id: 'json', label: 'Copy all as JSON' },
          ]}
          onChoose={(what) => copy(host, content, what)}
        >
          <CopyIcon />
        </Menu>
        <IconButton name="Save the picture as PNG" onPress={() => void savePicture(host, content)}>
          <PictureIcon />
        </IconButton>
      </div>
    </header>
  );
}

function copy(host: Ask<SamplerHostCalls>, content: SamplerContent, what: string): void {
  if (what === 'json') host('copy', { text: samplerJson(content), what: 'The sampler as JSON' });
  else if (what === 'tree') host('copy', { text: samplerCsv(content, 'tree'), what: 'The tree as CSV' });
  else host('copy', { text: samplerCsv(content, 'candidates'), what: 'The candidates as CSV' });
}

async function savePicture(host: Ask<SamplerHostCalls>, content: SamplerContent): Promise<void> {
  const { next, document: tree, model } = content;
  const ratio = window.devicePixelRatio;
  const theme = readTheme();
  const canvases = [
    ...(next === null ? [] : [distributionCanvas(next, tree.settings, theme, ratio)]),
    wholeTree(tree, next?.likelihood ?? 'none', ratio),
  ].filter((canvas) => canvas !== undefined);
  const subtitle = `${model} · seed ${tree.settings.seed}`;
  const data = await canvasesToPng(theme, TITLE, subtitle, canvases, ratio);
  host('save', { suggestedName: 'sampler.png', data });
}
