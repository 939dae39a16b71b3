// PixelCNN (van den Oord, Kalchbrenner, Kavukcuoglu 2016, arXiv:1601.06759, section 3.3): one masked convolution of type
// A, then of type B, then 1 × 1 layers to the logits of each channel. Deviations: ReLU before each convolution instead of
// after, a residual block is one k × k and one 1 × 1 layer, and a level enters as a number from 0 to 1.
//   h = A(x);   each block: h = h + P(relu(B(relu(h))))   or, plain: h = B(relu(h));   logits = L(relu(H(relu(h))))
import { reshape, tidy } from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor } from '@tensorflow/tfjs-core';
import { withPixels } from '../choosePixels';
import type { NamedVariable, WeightSource } from '../family';
import type { ImageBatch, ImageDecoder, ImageDecoderOptions, ImageFacts, ImageModel } from '../imageFamily';
import { convolve, RECTIFIED } from '../imageLayers';
import { logProbOf, meanNats, scaledPixels, subpixelNats } from '../imageModel';
import { RasterDecoder } from '../rasterDecoder';
import type { PixelcnnConfig } from './schema';
import { PixelcnnStack } from './stack';
import { createWeights, type PixelcnnWeights } from './weights';

export class PixelcnnModel implements ImageModel<PixelcnnConfig> {
  readonly classes = 0;
  private readonly weights: PixelcnnWeights;

  constructor(
    readonly config: PixelcnnConfig,
    readonly facts: ImageFacts,
    from: number | WeightSource,
  ) {
    this.weights = createWeights(config, facts, from);
  }

  get variables(): readonly NamedVariable[] {
    return this.weights.all.variables;
  }

  loss({ pixels }: ImageBatch): Scalar {
    return tidy(() => meanNats(this.logits({ pixels }), pixels));
  }

  logProb({ pixels }: ImageBatch): Promise<Float32Array> {
    return logProbOf(tidy(() => subpixelNats(this.logits({ pixels }), pixels)));
  }

  logits({ pixels }: ImageBatch): Tensor<Rank.R5> {
    const { first, blocks, head, logits } = this.weights;
    const [B, H, W, channels] = pixels.shape;
    return tidy(() => {
      const x = scaledPixels(pixels, this.facts.levels);
      let h = convolve(x, first, { constantInput: pixels.dtype === 'int32' }); // [B, H, W, C]
      for (const { convolution, project } of blocks) {
        const seen = convolve(h, convolution, RECTIFIED);
        h = project ? convolve(seen, project, { ...RECTIFIED, plus: h }) : seen;
      }
      const out = convolve(convolve(h, head, RECTIFIED), logits, RECTIFIED); // [B, H, W, channels · levels]
      return reshape(out, [B, H, W, channels, this.facts.levels]);
    });
  }

  decoder(options: ImageDecoderOptions): ImageDecoder {
    const { config, facts, weights } = this;
    const { height, width } = facts;
    return withPixels(
      { rows: options.rows, height, width },
      (pixels) => new RasterDecoder(facts, options, new PixelcnnStack(config, weights, pixels, facts)),
    );
  }

  dispose(): void {
    this.weights.all.dispose();
  }
}
