// A made-up run of images for the Training view: bits/dim where the text run has bits/byte, and pictures for samples.
import type { TrainingContent, TrainingViewCalls } from '../../../src/protocol/views';
import { trainingContent } from './fixtures';

const DIMENSIONS = 64;
const PATHS = { first: 'samples/step-10.png', second: 'samples/step-100.png' } as const;

/** Bits per sub-pixel lie below the bits per byte of the text run by this factor. */
const FACTOR = 0.12;

export function imageRunContent(): TrainingContent {
  const content = trainingContent(600);
  const { record } = content;
  const evaluations = content.evaluations.map((one) => ({
    ...one,
    ...{ nats: one.nats * FACTOR, bits: one.bits * FACTOR, unit: 'subpixel', count: 600 * DIMENSIONS },
  }));
  return {
    ...content,
    record: {
      ...record,
      ...{ domain: 'image', name: 'digits', title: 'Gated PixelCNN' },
      data: { ...record.data, bytesPerElement: 0, unit: 'subpixel' },
      floors: [{ label: 'uniform over 2 levels', nats: Math.LN2 }],
    },
    ...{ specName: 'digits.arlens.json', unit: 'subpixel', likelihood: 'exact' },
    batch: { rows: 32, length: DIMENSIONS },
    loss: content.loss.map((loss) => loss * FACTOR),
    evaluations,
    samples: content.samples.slice(0, 2).map((sample, index) => ({
      ...sample,
      ...{ prompt: '', text: index === 0 ? PATHS.first : PATHS.second },
      ...{ nll: 0.6 * Math.LN2 * 9 * DIMENSIONS, count: 9 * DIMENSIONS },
    })),
    compared: [],
    comparable: [],
  };
}

/** The second sample's picture: 8 × 8, striped. The first one's is gone. */
export async function imageRunPicture(): Promise<TrainingViewCalls['picture']['params']> {
  const canvas = new OffscreenCanvas(8, 8);
  const brush = canvas.getContext('2d');
  if (brush === null) throw new Error('imageRunPicture: expected a 2d context, got none');
  brush.fillStyle = 'black';
  brush.fillRect(0, 0, 8, 8);
  brush.fillStyle = 'white';
  for (let row = 0; row < 8; row += 2) brush.fillRect(0, row, 8, 1);
  const blob = await canvas.convertToBlob();
  return { text: PATHS.second, png: new Uint8Array(await blob.arrayBuffer()) };
}
