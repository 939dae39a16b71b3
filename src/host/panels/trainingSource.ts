// Where a Training panel's curve comes from: a job of this window as it goes, or the files of a run that is over.
import type { TrainingContent } from '../../protocol/views';
import type { RunRecord } from '../../protocol/run';
import { START, type SeriesMark, type TrainingSeries } from '../engine/trainingSeries';

export interface ContentParts {
  readonly record: RunRecord;
  readonly specName: string;
  readonly compared: TrainingContent['compared'];
  readonly comparable: TrainingContent['comparable'];
  readonly live: boolean;
}

export function trainingContent(series: TrainingSeries, parts: ContentParts): TrainingContent {
  const { record, specName, compared, comparable, live } = parts;
  const validation = record.validation ?? record.best?.validation;
  const unit = record.data.unit ?? validation?.unit;
  const likelihood = record.likelihood ?? validation?.badge;
  return {
    record,
    specName,
    ...(unit === undefined ? {} : { unit }),
    ...(likelihood === undefined ? {} : { likelihood }),
    ...(record.batch === undefined ? {} : { batch: record.batch }),
    ...(record.clip === undefined ? {} : { clip: record.clip }),
    ...series.rowsSince(START),
    elementsPerSecond: series.elementsPerSecond,
    secondsLeft: live ? series.secondsLeft : null,
    compared,
    comparable,
  };
}

export function trainingRows(series: TrainingSeries, record: RunRecord, mark: SeriesMark, live: boolean) {
  return {
    ...series.rowsSince(mark),
    record,
    elementsPerSecond: series.elementsPerSecond,
    secondsLeft: live ? series.secondsLeft : null,
  };
}
