// The view's head: its question, what is looked into under which rule, how long, and what can be taken away from here.
import type { CausalMaskContent, CausalMaskHostCalls } from '../../../src/protocol/causalMaskView';
import { LONGEST_MASK } from '../../../src/protocol/mask';
import { Dropdown } from '../../ui/controls';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import type { Ask } from '../../ui/host';
import { CopyIcon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import type { Picture } from '../../ui/picture';
import { SavePicture } from '../../ui/savePicture';
import { cellsCsv, leaksCsv, maskJson } from './exportData';
import { TITLE } from './words';

const SHORTEST = 8;
/** Of images: they are perturbed at every sub-pixel, so that large ones take minutes. */
const SIDES = [3, 5, 7, 9, 12, 16];

export function Head(properties: {
  readonly content: CausalMaskContent;
  readonly host: Ask<CausalMaskHostCalls>;
  readonly picture: () => Picture;
}) {
  const { content, host, picture } = properties;
  const { report } = content;
  const copy = (kind: string) => {
    const text = {
      declared: () => cellsCsv(report.declared, report.length),
      measured: () => cellsCsv(report.measured, report.length),
      leaks: () => leaksCsv(content),
      json: () => maskJson(content),
    }[kind];
    if (text !== undefined) host('copy', { text: text(), what: `Mask (${kind})` });
  };
  return (
    <header class="ar-head">
      <div class="ar-titles">
        <h1>{TITLE}</h1>
        <p class="ar-sub">
          <Quote>{`${content.name} · ${report.family} · ${weightsOf(content)}`}</Quote>
          {' · '}
          <b>{report.causality}</b>: <Quote>{report.rule}</Quote>
          {' · '}
          <Quote>{report.device}</Quote>
        </p>
      </div>
      <div class="ar-tools" role="toolbar" aria-label="Causal mask">
        <span class="ar-note positions">
          {report.image === undefined ? (
            <>
              positions, of <Quantity text={formatCount(report.context)} unit="in the context" />
            </>
          ) : (
            'sub-pixels of an image'
          )}
        </span>
        <Dropdown
          name="Positions to measure"
          value={String(report.length)}
          choices={lengthsOf(report).map((length) => ({ value: String(length), label: formatCount(length) }))}
          onChoose={(length) => host('measure', { length: Number(length) })}
        />
        <Menu
          look="icon"
          name="Copy as data"
          items={[
            { id: 'declared', label: 'Copy declared as CSV' },
            { id: 'measured', label: 'Copy measured as CSV' },
            ...(report.leaks > 0 ? [{ id: 'leaks', label: 'Copy the leaks as CSV' }] : []),
            { id: 'json', label: 'Copy everything as JSON' },
          ]}
          onChoose={copy}
        >
          <CopyIcon />
        </Menu>
        <SavePicture host={host} name="causal-mask" picture={picture} />
      </div>
    </header>
  );
}

const weightsOf = ({ report }: CausalMaskContent): string =>
  report.weights === 'own' ? 'its own weights and random ones' : 'random weights';

/** Powers of two up to what the model holds, and what is shown now; of images, those of squares. */
function lengthsOf({ context, length, image }: CausalMaskContent['report']): number[] {
  const most = Math.min(context, LONGEST_MASK);
  if (image !== undefined) {
    const squares = SIDES.map((side) => side * side * image.channels).filter((each) => each <= most);
    return [...new Set([length, ...squares])].sort((a, b) => a - b);
  }
  const lengths = new Set([length, most]);
  for (let each = SHORTEST; each < most; each *= 2) lengths.add(each);
  return [...lengths].sort((a, b) => a - b);
}
