// "How does it choose?", of images: they appear pixel by pixel beside the distribution of the next one, as a function of
// state.
import { useRef } from 'preact/hooks';
import type { GivenConditions } from '../../../src/protocol/imageCondition';
import type { ImageSamplerContent, ImageSamplerHostCalls } from '../../../src/protocol/imageSamplerView';
import type { ViewState } from '../../../src/protocol/views';
import { Button } from '../../ui/controls';
import { Quantity, Quote } from '../../ui/figure';
import { actionsOf, FourStates, Trouble } from '../../ui/fourStates';
import { formatCount } from '../../ui/format';
import { useTheme } from '../../ui/hooks';
import type { Ask } from '../../ui/host';
import { CopyIcon } from '../../ui/icons';
import { LiveRegion } from '../../ui/liveRegion';
import { Menu } from '../../ui/menu';
import { SavePicture } from '../../ui/savePicture';
import type { Theme } from '../../ui/theme';
import { BranchSection } from './branchSection';
import { ImagesCanvas } from './canvas';
import type { DrawnImages } from './drawing';
import { DrawingBar } from './drawingBar';
import { allJson, branchesCsv, levelsCsv } from './exportData';
import type { ImagesPicture } from './imagesPainter';
import { GivenBar } from './givenBar';
import { KeepingBar } from './keepingBar';
import { NextPixel } from './nextPixel';
import { imagesPng, samplerPicture } from './picture';
import { SettingsBar } from './settingsBar';
import { imageWords, spoken } from './words';

const TITLE = 'How does it choose?';

export interface ImageSamplerViewProperties {
  readonly state: ViewState<ImageSamplerContent>;
  readonly drawn: DrawnImages | undefined;
  readonly given: GivenConditions | null;
  readonly arrived: number;
  readonly trouble: string;
  readonly host: Ask<ImageSamplerHostCalls>;
  readonly onTrouble: (sentence: string) => void;
}

export function ImageSamplerView(properties: ImageSamplerViewProperties) {
  const { state, host, drawn } = properties;
  return (
    <div class="imageSampler">
      <FourStates title={TITLE} state={state} actions={actionsOf(host)}>
        {(content) =>
          drawn === undefined ? null : <Result {...properties} content={content} drawn={drawn} />
        }
      </FourStates>
    </div>
  );
}

type ResultProperties = ImageSamplerViewProperties & {
  readonly content: ImageSamplerContent;
  readonly drawn: DrawnImages;
};

function Result(properties: ResultProperties) {
  const { content, drawn, host, arrived } = properties;
  const theme = useTheme();
  const picture = useRef<ImagesPicture>();
  return (
    <main class="ar-view" data-state="result">
      <Head {...properties} theme={theme} picture={picture} />
      <Trouble sentence={properties.trouble === '' ? content.problem : properties.trouble} />
      <SettingsBar content={content} onChange={(change) => host('change', change)} />
      <div class="stage">
        <section class="main" aria-label="The images">
          <DrawingBar content={content} drawn={drawn} host={host} />
          <ImagesCanvas
            content={content}
            drawn={drawn}
            arrived={arrived}
            theme={theme}
            words={imageWords(content, drawn)}
            onImage={(image) => host('change', { image })}
            onPixel={(row, column) => {
              const step = drawn.stepOf(row, column);
              const { branch, turn, end } = content;
              if (step < end) host('go', { branch, step, turn: turn + 1 });
            }}
            onRegion={(region) => host('region', { region })}
            keep={(now) => {
              picture.current = now;
            }}
          />
          <ul class="ar-legend" data-legend="sub-pixels">
            {content.standing.every((step) => step === content.steps) ? null : (
              <li>
                <i class="square future" /> not drawn yet
              </li>
            )}
            {content.next === null ? null : (
              <li>
                <i class="square outline" /> comes next
              </li>
            )}
            {content.keeping === null ? null : (
              <li>
                <i class="square kept" /> kept
              </li>
            )}
            <li>
              <Quantity
                text={formatCount(drawn.stepsOf(content.choice.image))}
                unit={`of ${formatCount(content.steps)} sub-pixels`}
              />
            </li>
          </ul>
          <GivenBar content={content} given={properties.given} host={host} />
          <KeepingBar content={content} host={host} />
        </section>
        <NextPixel
          content={content}
          drawn={drawn}
          theme={theme}
          onForce={(level) => host('force', { level })}
          onSettings={(settings) => host('change', { settings })}
        />
      </div>
      <BranchSection content={content} host={host} />
      <LiveRegion sentence={spoken(content)} />
    </main>
  );
}

function Head(
  properties: ResultProperties & {
    readonly theme: Theme;
    readonly picture: { readonly current: ImagesPicture | undefined };
  },
) {
  const { content, drawn, host, theme, picture, onTrouble } = properties;
  const { model, label, elementsPerSecond, choice } = content;
  const choose = (kind: string) => {
    if (kind === 'branches') host('copy', { text: branchesCsv(content), what: 'The branches as CSV' });
    else if (kind === 'csv') host('copy', { text: levelsCsv(content, drawn), what: 'The levels as CSV' });
    else host('copy', { text: allJson(content, drawn, properties.given), what: 'All as JSON' });
  };
  const save = () => {
    const suggestedName = `sample-seed-${choice.settings.seed}.png`;
    imagesPng(drawn).then(
      (data) => host('save', { suggestedName, data }),
      (error: unknown) => onTrouble(`No picture: ${String(error)}`),
    );
  };
  return (
    <header class="ar-head">
      <div class="ar-titles">
        <h1>{TITLE}</h1>
        <p class="ar-sub">
          <Quote>{`${label} · ${model.title} · ${model.device}`}</Quote> ·{' '}
          <Quantity text={`${model.width} × ${model.height}`} unit="pixels" />,{' '}
          {model.channels === 1 ? 'grey' : 'RGB'}, <Quantity text={String(model.levels)} unit="levels" />
          {elementsPerSecond === null ? null : (
            <>
              {' · '}
              <Quantity text={formatCount(elementsPerSecond)} unit="sub-pixels/s" />
            </>
          )}
        </p>
      </div>
      <div class="ar-tools">
        <Button onPress={save}>Save Images</Button>
        <Button onPress={() => host('toLogProbs', undefined)}>Log-Probs</Button>
        <Menu
          look="icon"
          name="Copy as data"
          items={[
            { id: 'csv', label: 'Copy levels as CSV' },
            ...(content.stretches.length === 0 ? [] : [{ id: 'branches', label: 'Copy branches as CSV' }]),
            { id: 'json', label: 'Copy all as JSON' },
          ]}
          onChoose={choose}
        >
          <CopyIcon />
        </Menu>
        <SavePicture
          host={host}
          name={`sampler-${label}`}
          picture={() =>
            picture.current === undefined
              ? undefined
              : samplerPicture(TITLE, content, { drawn, given: properties.given }, picture.current, theme)
          }
        />
      </div>
    </header>
  );
}
