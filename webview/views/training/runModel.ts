// A run as the view knows it: what the host sent, appended to as it trains. Must not know how it is drawn.
import type { Badge } from '../../../src/protocol/figure';
import type { TrainingContent, TrainingViewCalls } from '../../../src/protocol/views';
import type { Likelihood } from '../../ui/figure';
import { Columns } from './columns';
import type { UnitChoice } from './units';
import { chooseUnit, plural, unitChoices } from './units';

export type Append = TrainingViewCalls['append']['params'];
export type Evaluation = TrainingContent['evaluations'][number];
export type Sample = TrainingContent['samples'][number];

export class RunModel {
  readonly columns = new Columns();
  private content: TrainingContent;

  constructor(content: TrainingContent) {
    this.content = content;
    this.columns.append(content);
  }

  get now(): TrainingContent {
    return this.content;
  }

  append(update: Append): void {
    const { generation } = this.columns;
    this.columns.append(update);
    const rewound = this.columns.generation === generation ? Infinity : (update.step[0] ?? Infinity);
    const { record, elementsPerSecond, secondsLeft } = update;
    const { evaluations, samples } = this.content;
    this.content = {
      ...this.content,
      record,
      elementsPerSecond,
      secondsLeft,
      evaluations: extend(evaluations, update.evaluations, rewound, (one) => `${one.step} ${one.split}`),
      samples: extend(samples, update.samples, rewound, (one) => `${one.step} ${one.seed} ${one.prompt}`),
    };
  }

  /** The furthest step anything was heard of. */
  step(): number {
    return Math.max(this.content.record.step, this.columns.lastStep(), 0);
  }

  /** Where the step axis ends. */
  steps(): number {
    return Math.max(this.content.record.steps, this.step(), 2);
  }

  validations(): readonly Evaluation[] {
    return validationsOf(this.content);
  }

  best(): Evaluation | undefined {
    return this.validations().reduce<Evaluation | undefined>(
      (best, one) => (best === undefined || one.nats < best.nats ? one : best),
      undefined,
    );
  }

  /** What one element is. */
  element(): string {
    const { unit, evaluations, record } = this.content;
    return unit ?? evaluations[0]?.unit ?? record.validation?.unit ?? 'token';
  }

  badge(): Badge | undefined {
    const { likelihood, evaluations, record } = this.content;
    return likelihood ?? evaluations[0]?.badge ?? record.validation?.badge;
  }

  units(): readonly UnitChoice[] {
    const { record, batch } = this.content;
    return unitChoices(this.element(), record.data.bytesPerElement, batch?.length);
  }

  unit(wanted: string): UnitChoice {
    return chooseUnit(this.units(), wanted);
  }
}

export function validationsOf(run: Pick<TrainingContent, 'evaluations'>): readonly Evaluation[] {
  return run.evaluations.filter((evaluation) => evaluation.split === 'validation');
}

/** Nats per element over `count` elements, in the unit that is quoted. */
export function lossFigure(
  loss: { readonly nats: number; readonly count: number; readonly badge: Badge },
  unit: UnitChoice,
): Likelihood {
  return {
    value: loss.nats * unit.factor,
    unit: unit.unit,
    count: Math.round(loss.count * unit.perElement),
    of: plural(unit.per),
    badge: loss.badge,
  };
}

/** New ones behind the old; the old ones from where a resumed run begins anew, and those told again, go. */
function extend<Item extends { readonly step: number }>(
  old: readonly Item[],
  added: readonly Item[],
  rewound: number,
  key: (item: Item) => string,
): readonly Item[] {
  if (added.length === 0 && rewound === Infinity) return old;
  const again = new Set(added.map(key));
  return [...old.filter((item) => item.step < rewound && !again.has(key(item))), ...added];
}
