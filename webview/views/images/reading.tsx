// What a pixel holds and what the model expected there: level, surprisal, rank and entropy of each channel, and the
// distribution over levels.
import type { ImageModelInfo } from '../../../src/protocol/imageSets';
import type { ImagesPoint } from '../../../src/protocol/imagesView';
import { Levels } from '../../plots/levels';
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import type { Theme } from '../../ui/theme';
import { channelName, placeWords } from '../../ui/pixelWords';
import { channelsOf } from './heat';
import { pixelSentence, probabilities, readPixel, type Drawn } from './look';
import type { Channel } from './settings';
import type { Place } from './stage';

export interface ReadingProperties {
  readonly drawn: Drawn;
  readonly model: ImageModelInfo | null;
  readonly at: Place;
  readonly channel: Channel;
  /** Of this pixel, or of one that was looked at before. */
  readonly point: ImagesPoint | undefined;
  readonly theme: Theme;
}

export function Reading({ drawn, model, at, channel, point, theme }: ReadingProperties) {
  const { nats } = drawn.look;
  const { row, column } = at;
  return (
    <section class="reading" aria-label="The pixel">
      <div class="ar-cap">
        <h2>
          <Quote>{placeWords(row, column)}</Quote>
        </h2>
        {nats === null ? null : <span class="ar-note">given all pixels before it</span>}
      </div>
      {nats === null || model === null ? (
        <p class="ar-note">
          <Quote>{pixelSentence(drawn, channel, row, column)}</Quote>
        </p>
      ) : (
        <>
          <table class="subpixels">
            <thead>
              <tr>
                <th scope="col">channel</th>
                <th scope="col">level</th>
                <th scope="col">surprisal</th>
                <th scope="col">rank</th>
                <th scope="col">entropy, per context</th>
              </tr>
            </thead>
            <tbody>
              {readPixel(nats, channel, row, column).map(({ name, level, bits, entropy, rank, levels }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>
                    <Quantity text={String(level)} unit="level" hideUnit />
                  </td>
                  <td>
                    <FigureInline
                      figure={{
                        value: bits,
                        unit: 'bits',
                        count: 1,
                        of: 'sub-pixel',
                        badge: model.likelihood,
                      }}
                      digits={2}
                      quiet
                    />
                  </td>
                  <td>
                    <Quantity text={formatCount(rank)} unit={`of ${levels}`} />
                  </td>
                  <td>
                    <Quantity text={entropy.toFixed(2)} unit="bits" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {point === undefined
            ? null
            : channelsOf(nats, channel).map((c) => (
                <Levels
                  key={c}
                  name={channelName(nats, c)}
                  probability={probabilities(point, c)}
                  level={nats.level[(point.row * nats.width + point.column) * nats.channels + c] ?? -1}
                  theme={theme}
                />
              ))}
        </>
      )}
    </section>
  );
}
