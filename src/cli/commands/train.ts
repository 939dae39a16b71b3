// `ar-lens train`: a run from a spec, as JSON lines or as progress for people. Ctrl-C stops it with a checkpoint.
import { dirname, resolve } from 'node:path';
import { NATS_PER_BIT } from '../../protocol/figure';
import type { RunRecord, TrainEvent } from '../../protocol/run';
import { given, type CommonOptions } from '../options';
import { count, decimal } from '../output';
import { callContext, type Session } from '../session';

export interface TrainOptions extends CommonOptions {
  readonly steps?: number;
  readonly out?: string;
  readonly resume?: boolean;
}

export async function train(session: Session, spec: string, options: TrainOptions): Promise<void> {
  const path = resolve(spec);
  const { steps, out, resume } = options;
  const report = options.json ? jsonReporter(session) : peopleReporter(session);
  const record = await session.job(options).train(
    { spec: path, workspace: dirname(path), ...given({ steps, resume, out: out && resolve(out) }) },
    // The job turns an aborted signal into a stop with a checkpoint, and then still answers.
    callContext(session, report),
  );
  if (record.status === 'stopped') {
    session.say(`Stopped at step ${record.step} of ${record.steps}; continue with --resume.`);
  }
  if (options.json) await session.out.json(resultLine(record));
  else await session.out.line(`${record.status} after ${count(record.step)} steps: ${record.run}`);
}

/** Every line that holds a likelihood says its unit, how many elements it is the mean of, and its badge. */
function jsonReporter(session: Session): (event: TrainEvent) => Promise<void> {
  let labels: object = {};
  let condition: object = {};
  let elements = 0;
  return async (event) => {
    switch (event.type) {
      case 'started':
        labels = { unit: event.record.data.unit ?? 'token', likelihood: event.record.likelihood ?? 'none' };
        condition = given({ given: event.record.given });
        elements = (event.record.batch?.rows ?? 0) * (event.record.batch?.length ?? 0);
        return;
      case 'step':
        return session.out.json({ ...event, ...labels, ...condition, count: elements });
      case 'evaluation': {
        const { badge, ...rest } = event;
        return session.out.json({ ...rest, ...condition, likelihood: badge, badge });
      }
      case 'sample':
        return session.out.json({ ...event, ...labels });
      case 'status':
        if (event.detail !== undefined && event.status !== 'failed') session.say(event.detail);
        return;
      case 'checkpoint':
        return;
      default:
        return event satisfies never;
    }
  };
}

function resultLine(record: RunRecord): object {
  const { run, step, status, validation, given: condition } = record;
  return {
    type: 'result',
    run,
    steps: step,
    status,
    ...given({ given: condition }),
    validation: validation ? { ...validation, likelihood: validation.badge } : null,
  };
}

function peopleReporter(session: Session): (event: TrainEvent) => Promise<void> {
  const live = process.stderr.isTTY;
  let record: RunRecord | undefined;
  const clear = (): void => void (live && process.stderr.write('\r\x1b[K'));
  return async (event) => {
    switch (event.type) {
      case 'started':
        record = event.record;
        return session.out.line(introduction(record));
      case 'step':
        if (live) process.stderr.write(`\r\x1b[K${progressLine(event, record)}`);
        return;
      case 'evaluation':
        clear();
        return session.out.line(
          `step ${count(event.step)}  ${event.split} ${decimal(event.nats)} nats/${event.unit} = ` +
            `${decimal(event.bits)} bits/${event.unit} over ${count(event.count)} ${event.unit}s (${event.badge})` +
            givenWords(record?.given),
        );
      case 'sample':
        clear();
        return session.out.line(
          `step ${count(event.step)}  sample: ${JSON.stringify(event.prompt + event.text)}`,
        );
      case 'status':
        clear();
        if (event.detail !== undefined && event.status !== 'failed') session.say(event.detail);
        return;
      case 'checkpoint':
        return;
      default:
        return event satisfies never;
    }
  };
}

function introduction(record: RunRecord): string {
  const { title, parameters, device, data, floors } = record;
  const unit = data.unit ?? 'token';
  const lines = floors.map(({ label, nats }) => `  ${decimal(nats / NATS_PER_BIT)} bits/${unit}  ${label}`);
  return [
    `${title}, ${count(parameters)} parameters, on ${device}`,
    `${count(data.trainTokens)} ${unit}s to train on, ${count(data.validationTokens)} held out (${data.split})`,
    ...lines,
  ].join('\n');
}

/** A likelihood given a picture is none of the image alone. */
function givenWords(condition: string | undefined): string {
  return condition === undefined ? '' : `, given ${condition}`;
}

function progressLine(event: Extract<TrainEvent, { type: 'step' }>, record: RunRecord | undefined): string {
  const steps = record?.steps ?? event.step;
  return (
    `step ${count(event.step)} of ${count(steps)}  loss ${decimal(event.loss)} nats/${record?.data.unit ?? 'token'}  ` +
    `${count(Math.round(event.elementsPerSecond))} ${record?.data.unit ?? 'token'}s/s`
  );
}
