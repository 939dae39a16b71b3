// The pixel at the crosshair of an image: what is there, four numbers, which levels were expected; one channel at a time.
import { NATS_PER_BIT } from '../../../src/protocol/figure';
import type { InspectedPixel, InspectorHostCalls } from '../../../src/protocol/inspectorView';
import { FormulaSection, FormulaView } from '../../formulas/formulaView';
import { Segments } from '../../ui/controls';
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { Trouble } from '../../ui/fourStates';
import type { Ask } from '../../ui/host';
import { LiveRegion } from '../../ui/liveRegion';
import { channelName, classWords, pixelColour, placeWords, shownValue } from '../../ui/pixelWords';
import { copyPixel } from './copyInspection';
import { Expected } from './expected';
import { pixelPictureOf } from './inspectorPicture';
import { Numbers, surprisalOf } from './numbers';
import { levelDistribution } from './rows';
import { PinnedNote, Tools } from './tools';

export function PixelResult(properties: {
  readonly title: string;
  readonly content: InspectedPixel;
  readonly trouble: string;
  readonly channel: number;
  readonly host: Ask<InspectorHostCalls>;
  readonly onChannel: (channel: number) => void;
}) {
  const { title, content, host, onChannel } = properties;
  const { distribution: found, about, pinned } = content;
  const { channels, levels } = found;
  // What was chosen on a picture in colour means nothing on a grey one.
  const channel = Math.min(properties.channel, channels - 1);
  const logProb = logProbOf(found, channel);
  const sentence = spoken(content, channel);
  return (
    <main class="ar-view" data-state="result">
      <header class="ar-row">
        <h1>{title}</h1>
        <Tools
          of="pixel"
          pinned={pinned}
          host={host}
          onCopy={(kind) => copyPixel(host, content, kind)}
          picture={() => pixelPictureOf(title, sentence, content, channel)}
        />
      </header>
      <Trouble sentence={properties.trouble} />
      {pinned ? <PinnedNote>Pinned: the crosshair may go on.</PinnedNote> : null}
      <div class="values">
        <What content={content} channel={channel} />
        {channels === 1 ? null : (
          <Segments
            name="Which channel"
            value={String(channel)}
            choices={Array.from({ length: channels }, (_, c) => ({
              value: String(c),
              label: channelName(found, c),
            }))}
            onChoose={(chosen) => onChannel(Number(chosen))}
          />
        )}
        <Numbers
          logProb={logProb}
          entropy={found.entropy[channel] ?? NaN}
          rank={found.rank[channel] ?? NaN}
          values={levels}
          of="sub-pixel"
          badge={about.likelihood}
        />
        <FormulaSection name="surprisal" title="Formula">
          {() => (
            <FormulaView id="surprisal" values={{ logProb }}>
              <FigureInline figure={surprisalOf(logProb, 'sub-pixel', about.likelihood)} digits={6} />
            </FormulaView>
          )}
        </FormulaSection>
        <Expected
          of="level"
          distribution={levelDistribution(found, channel)}
          model={content.model}
          badge={about.likelihood}
        />
      </div>
      <footer class="ar-label">
        <Quote>{`${about.title} · ${about.device}`}</Quote>
        {'; given everything before it in the model’s order'}
        {about.condition === null ? null : (
          <>
            {' and '}
            <Quote>{about.condition.words}</Quote>
          </>
        )}
        {about.classes === 0 ? null : (
          <span data-given="">
            {found.label === null ? (
              ', without a class'
            ) : (
              <>
                {' and '}
                <Quote>{classWords(about, found.label)}</Quote>
              </>
            )}
          </span>
        )}
      </footer>
      <LiveRegion sentence={sentence} />
    </main>
  );
}

function What({ content, channel }: { readonly content: InspectedPixel; readonly channel: number }) {
  const { distribution: found, file, image, row, column } = content;
  const { level, levels } = found;
  const value = level[channel] ?? 0;
  const place = `image ${image + 1} of ${file}`;
  return (
    <>
      <div class="what">
        <i
          class="swatch"
          role="img"
          aria-label="The pixel’s colour"
          style={{ background: pixelColour(level, levels) }}
        />
        <b>
          <Quantity text={String(value)} unit="level" before />
        </b>
        <span class="ar-note" data-quote="" title={place}>
          {placeWords(row, column)}
        </span>
      </div>
      <p class="ar-label">
        {channelName(found, channel)}, shows as{' '}
        <Quantity text={String(shownValue(value, levels))} unit="of 255" />; <Quote>{place}</Quote>
      </p>
    </>
  );
}

const logProbOf = ({ logProb, levels, level }: InspectedPixel['distribution'], channel: number): number =>
  logProb[channel * levels + (level[channel] ?? 0)] ?? NaN;

function spoken({ distribution: found, about, file, image, row, column }: InspectedPixel, channel: number) {
  const { level, levels, rank, label } = found;
  const bits = Math.max(0, -logProbOf(found, channel) / NATS_PER_BIT).toFixed(2);
  const [most] = levelDistribution(found, channel).rows;
  const what = `${placeWords(row, column)} of image ${image + 1} of ${file}, ${channelName(found, channel)} level ${level[channel]}`;
  const conditions = [
    ...(about.condition === null ? [] : [about.condition.words]),
    ...(label === null ? [] : [classWords(about, label)]),
  ];
  const given = conditions.length === 0 ? '' : ` given ${conditions.join(' and ')}`;
  return `${what}: ${bits} bits over 1 sub-pixel, ${about.likelihood}${given}, rank ${formatCount(rank[channel] ?? NaN)} of ${levels}; most likely was level ${most?.text ?? ''}`;
}
