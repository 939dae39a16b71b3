// The answer on top: what each stack sees of what it is allowed, and what stays blind.
import type { FieldReport } from '../../../src/protocol/receptiveField';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import type { Counts } from './states';
import { unitOf } from './words';

export function Answer(properties: {
  readonly report: FieldReport;
  readonly depth: number;
  readonly counts: readonly Counts[];
}) {
  const { report, depth, counts } = properties;
  const { stacks } = report;
  const leaking = counts.some(({ leak }) => leak > 0);
  return (
    <p class={leaking ? 'answer leaking' : 'answer'} role={leaking ? 'alert' : undefined}>
      At <Quantity text={formatCount(depth)} unit={depth === 1 ? 'layer' : 'layers'} />
      {stacks.map(({ family, title, allowed }, at) => {
        const found = counts[at];
        if (found === undefined) return null;
        return (
          <span key={`${family} ${at}`}>
            {at === 0 ? ' ' : ' '}
            <b>
              <Quote>{title}</Quote>
            </b>{' '}
            sees{' '}
            <b>
              <Quantity
                text={formatCount(found.seen)}
                unit={`of ${formatCount(allowed)} allowed ${unitOf(report)}`}
              />
            </b>
            {found.blind === 0 ? (
              <>
                {' '}
                and has <b>no blind spot</b>
              </>
            ) : (
              <>
                ;{' '}
                <b>
                  <Quantity text={formatCount(found.blind)} unit="stay blind" />
                </b>{' '}
                at any depth
              </>
            )}
            {found.leak === 0 ? null : (
              <>
                , and <Quantity text={formatCount(found.leak)} unit={`${unitOf(report, found.leak)} leak`} />
              </>
            )}
            .
          </span>
        );
      })}
    </p>
  );
}
