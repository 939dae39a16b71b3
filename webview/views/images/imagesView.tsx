// "Where does the likelihood go?", of images: one image large with its bits, the pixel's distribution, all images as a
// grid, and the ledger, as a function of state.
import { useCallback, useMemo, useRef } from 'preact/hooks';
import type {
  ImagesContent,
  ImagesHostCalls,
  ImagesLook,
  ImagesPoint,
} from '../../../src/protocol/imagesView';
import type { ViewState } from '../../../src/protocol/views';
import { Dropdown, Segments } from '../../ui/controls';
import { Quantity, Quote } from '../../ui/figure';
import type { LineChart } from '../../plots/lineChart';
import type { KeepChart } from '../../plots/plotFrame';
import { actionsOf, FourStates, Trouble } from '../../ui/fourStates';
import { formatCount } from '../../ui/format';
import { useTheme } from '../../ui/hooks';
import type { Ask } from '../../ui/host';
import { CopyIcon } from '../../ui/icons';
import { LiveRegion } from '../../ui/liveRegion';
import { Menu } from '../../ui/menu';
import { SavePicture } from '../../ui/savePicture';
import { readShades } from '../../ui/shades';
import { classWords } from '../../ui/pixelWords';
import { Along } from './along';
import { analyse, outlinesOf } from './analysis';
import { allJson, imagesCsv, pixelsCsv, regionsCsv } from './exportData';
import { ledgerOf } from './figures';
import type { Gallery } from './gallery';
import { givenWords } from './given';
import { Grid } from './grid';
import type { GridPicture } from './gridPainter';
import { channelsOf } from './heat';
import { imagesPicture } from './imagesPicture';
import { BitsHistogram, Ledger, Scoring } from './ledger';
import { Legend } from './legend';
import { drawLook, type Drawn } from './look';
import { OneImage, PixelHistogram } from './oneImage';
import { Reading } from './reading';
import { Regions } from './regionLists';
import type { Change, Settings } from './settings';
import { Stage, type Place } from './stage';
import type { Stage as Painted } from './stagePainter';

const TITLE = 'Where does the likelihood go?';

export interface ImagesViewProperties {
  readonly state: ViewState<ImagesContent>;
  readonly gallery: Gallery | undefined;
  readonly look: ImagesLook | undefined;
  readonly point: ImagesPoint | undefined;
  /** The pixel under the pointer. */
  readonly pointed: Place | undefined;
  readonly arrived: number;
  readonly trouble: string;
  readonly settings: Settings;
  readonly host: Ask<ImagesHostCalls>;
  readonly change: Change;
  readonly onPoint: (place: Place | undefined) => void;
}

export function ImagesView(properties: ImagesViewProperties) {
  const { state, host, gallery } = properties;
  return (
    <div class="images">
      <FourStates title={TITLE} state={state} actions={actionsOf(host)}>
        {(content) =>
          gallery === undefined ? null : <Result {...properties} content={content} gallery={gallery} />
        }
      </FourStates>
    </div>
  );
}

type ResultProperties = ImagesViewProperties & {
  readonly content: ImagesContent;
  readonly gallery: Gallery;
};

function Result(properties: ResultProperties) {
  const { content, gallery, look, settings, host, change, pointed } = properties;
  const theme = useTheme();
  const shades = useMemo(() => readShades(theme), [theme]);
  const drawn = useMemo(
    () => (look === undefined ? undefined : drawLook(look, settings.channel, shades)),
    [look, settings.channel, shades],
  );
  const analysis = useMemo(() => drawn && analyse(drawn, settings), [drawn, settings.channel, settings.side]);
  const outlines = useMemo(
    () => (analysis === undefined || settings.outlines === 'hidden' ? [] : outlinesOf(analysis)),
    [analysis, settings.outlines],
  );
  const along = useRef<LineChart | null>(null);
  const keepChart = useCallback<KeepChart>((_, chart) => {
    along.current = chart;
  }, []);
  const stage = useRef<Painted>();
  const grid = useRef<() => GridPicture>();
  const at = pointed ?? {
    row: Math.min(settings.row, (drawn?.height ?? 1) - 1),
    column: Math.min(settings.column, (drawn?.width ?? 1) - 1),
  };
  const picture = () =>
    imagesPicture({
      ...properties,
      title: TITLE,
      subtitle: `${content.file} · ${shapeWords(content)}${content.model === null ? '' : ` · ${runLabel(content)}`}`,
      description: sentenceOf(content, gallery),
      drawn,
      analysis,
      stage: stage.current,
      along: along.current,
      grid: grid.current?.(),
      shades,
      theme,
    });
  const nats = drawn?.look.nats ?? null;
  return (
    <main class="ar-view" data-state="result">
      <Head {...properties} drawn={drawn} picture={picture} />
      <Trouble sentence={properties.trouble} />
      <div class="stage">
        <div class="main">
          {drawn === undefined ? (
            <p class="ar-note" role="status">
              Reading the image…
            </p>
          ) : (
            <Stage
              drawn={drawn}
              image={drawn.look.image}
              given={classWords(content.model, drawn.look.nats?.label ?? null)}
              settings={settings}
              at={at}
              outlines={outlines}
              theme={theme}
              change={change}
              onPoint={properties.onPoint}
              keep={(painted) => {
                stage.current = painted;
              }}
            />
          )}
          <div class="below">
            {drawn === undefined || nats === null ? null : (
              <Legend
                shades={shades}
                end={drawn.end}
                uniform={Math.log2(nats.levels) * channelsOf(nats, settings.channel).length}
              />
            )}
            <OneImage content={content} drawn={drawn} />
          </div>
          {drawn === undefined || nats !== null || drawn.width === content.set.width ? null : (
            <p class="ar-note">
              Shown at <Quantity text={`${drawn.width} × ${drawn.height}`} unit="pixels" />, each the mean of
              those it covers.
            </p>
          )}
          {drawn === undefined || drawn.look.problem === '' || isSaid(content, drawn) ? null : (
            <p class="ar-note">
              <Quote>{drawn.look.problem}</Quote>
            </p>
          )}
          {analysis === undefined ? null : (
            <>
              <Along
                analysis={analysis}
                badge={content.model?.likelihood ?? 'none'}
                at={at}
                keep={keepChart}
                onPoint={properties.onPoint}
                onChoose={change}
              />
              <Regions
                analysis={analysis}
                badge={content.model?.likelihood ?? 'none'}
                settings={settings}
                change={change}
              />
            </>
          )}
        </div>
        <div class="rail">
          <Scoring content={content} host={host} run={actionsOf(host).run} />
          {drawn === undefined ? null : (
            <Reading
              drawn={drawn}
              model={content.model}
              at={at}
              channel={settings.channel}
              point={properties.point}
              theme={theme}
            />
          )}
          {analysis === undefined ? null : (
            <PixelHistogram analysis={analysis} at={at.row * analysis.nats.width + at.column} />
          )}
          <Ledger content={content} gallery={gallery} />
          <BitsHistogram content={content} gallery={gallery} image={settings.image} />
        </div>
      </div>
      <Grid
        gallery={gallery}
        model={content.model}
        settings={settings}
        theme={theme}
        arrived={properties.arrived}
        change={change}
        onWant={(indices) => host('slice', { indices })}
        keep={(now) => {
          grid.current = now;
        }}
      />
      <LiveRegion sentence={sentenceOf(content, gallery)} />
    </main>
  );
}

function Head(
  properties: ResultProperties & {
    readonly drawn: Drawn | undefined;
    readonly picture: () => ReturnType<typeof imagesPicture>;
  },
) {
  const { content, gallery, host, drawn, picture, settings } = properties;
  const { set, model } = content;
  const copy = (kind: string) => {
    if (kind === 'csv') host('copy', { text: imagesCsv(content, gallery), what: 'The images as CSV' });
    else if (kind === 'json')
      host('copy', { text: allJson(content, gallery, drawn, settings), what: 'All as JSON' });
    else if (drawn !== undefined && kind === 'regions')
      host('copy', { text: regionsCsv(content, drawn, settings), what: 'The image’s regions as CSV' });
    else if (drawn !== undefined)
      host('copy', { text: pixelsCsv(content, drawn), what: 'The image’s pixels as CSV' });
  };
  const none = { value: '', label: 'no run' };
  return (
    <header class="ar-head">
      <div class="ar-titles">
        <h1>{TITLE}</h1>
        <p class="ar-sub">
          <Quote>{content.file}</Quote> ·{' '}
          <Quantity text={formatCount(set.images)} unit={set.images === 1 ? 'image' : 'images'} /> of{' '}
          <Quantity text={`${set.width} × ${set.height}`} unit="pixels" />,{' '}
          {set.channels === 1 ? 'grey' : 'RGB'}
          {model === null ? null : (
            <>
              {' · '}
              <Quote>{`${model.title} · ${model.device}`}</Quote>
            </>
          )}
        </p>
      </div>
      <div class="ar-tools">
        {content.runs.length === 0 ? null : (
          <Dropdown
            name="The run that scores"
            value={content.run}
            choices={[none, ...content.runs.map(({ run, label }) => ({ value: run, label }))]}
            onChoose={(run) => host('choose', { run })}
          />
        )}
        {model === null || model.classes === 0 ? null : (
          <Segments
            name="Labels"
            value={content.withLabels ? 'with' : 'without'}
            choices={[
              { value: 'with', label: 'with labels' },
              { value: 'without', label: 'without' },
            ]}
            onChoose={(labels) => host('chooseLabels', { use: labels === 'with' })}
          />
        )}
        <Menu
          look="icon"
          name="Copy as data"
          items={[
            { id: 'csv', label: 'Copy images as CSV' },
            { id: 'pixels', label: 'Copy pixels as CSV' },
            ...(drawn?.look.nats == null ? [] : [{ id: 'regions', label: 'Copy regions as CSV' }]),
            { id: 'json', label: 'Copy all as JSON' },
          ]}
          onChoose={copy}
        >
          <CopyIcon />
        </Menu>
        <SavePicture host={host} name={`log-probs-${content.file}`} picture={picture} />
      </div>
    </header>
  );
}

/** The scoring failed for the same reason, and says so. */
const isSaid = ({ scoring }: ImagesContent, { look }: Drawn): boolean =>
  scoring.kind === 'failed' && scoring.sentence.startsWith(look.problem);

const shapeWords = ({ set }: ImagesContent): string =>
  `${set.images} ${set.images === 1 ? 'image' : 'images'} of ${set.width} × ${set.height} × ${set.channels}`;

const runLabel = ({ runs, run }: ImagesContent): string =>
  runs.find((each) => each.run === run)?.label ?? run;

function sentenceOf(content: ImagesContent, gallery: Gallery): string {
  const about = `${content.file}: ${shapeWords(content)}`;
  const ledger = ledgerOf(content, gallery);
  if (ledger === undefined) return `${about}, not scored`;
  const { mean, images, dimensions, badge } = ledger;
  const given = givenWords(content, gallery);
  return `${about}; ${mean.toFixed(4)} bits/dim over ${images} images of ${dimensions} sub-pixels, ${badge}${given === '' ? '' : `; ${given}`}`;
}
