// The lines a loss curve of images is read against: what one knows without a model.
import { subpixelsOf, type ImageFacts } from '../../families/imageFamily';
import type { Floor } from '../../protocol/run';
import { levelsOf, type ImageData } from './imageData';

/** Images that are counted: more change nothing that shows. */
const COUNTED = 2000;

/** Nats per sub-pixel: uniform, one distribution for all sub-pixels, one for each place, and the source's own. */
export async function imageFloors(
  { facts, quantizer, train, validation }: ImageData,
  evaluateImages: number,
  knownFloor: number | undefined,
): Promise<Floor[]> {
  const first = (most: number, length: number) =>
    Int32Array.from({ length: Math.min(most, length) }, (_, at) => at);
  const counted = await levelsOf(train, first(COUNTED, train.indices.length), quantizer, 0);
  const held = await levelsOf(
    validation,
    first(Math.min(COUNTED, evaluateImages), validation.indices.length),
    quantizer,
    0,
  );
  // What is counted knows no condition: a model that is given one may lie below it without having learnt as much.
  const alone = facts.condition ? ', given nothing' : '';
  const floors: Floor[] = [
    { label: `uniform over ${facts.levels} levels`, nats: Math.log(facts.levels) },
    {
      label: `levels of the training part (add-one)${alone}`,
      nats: histogramNats(counted.levels, held.levels, facts, 1),
    },
    {
      label: `levels of the training part, place by place (add-one)${alone}`,
      nats: histogramNats(counted.levels, held.levels, facts, subpixelsOf(facts)),
    },
  ];
  if (knownFloor !== undefined) floors.push({ label: 'least possible, of the source', nats: knownFloor });
  return floors;
}

/** Mean −ln p of `held` under add-one counts of `counted`, one histogram for each of `places`. */
function histogramNats(
  counted: Int32Array,
  held: Int32Array,
  { levels }: ImageFacts,
  places: number,
): number {
  const counts = new Float64Array(places * levels).fill(1);
  for (let at = 0; at < counted.length; at++) {
    const cell = (at % places) * levels + (counted[at] as number);
    counts[cell] = (counts[cell] as number) + 1;
  }
  const total = counted.length / places + levels;
  let sum = 0;
  for (let at = 0; at < held.length; at++) {
    sum -= Math.log((counts[(at % places) * levels + (held[at] as number)] as number) / total);
  }
  return sum / held.length;
}
