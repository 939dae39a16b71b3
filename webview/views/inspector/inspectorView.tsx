// The Inspector as a function of its state: the token at the cursor or the pixel at the crosshair, four numbers, what was
// expected. The same order for every token and every pixel, so that the eye learns it once.
import type { InspectorContent, InspectorHostCalls } from '../../../src/protocol/inspectorView';
import type { ViewState } from '../../../src/protocol/views';
import { actionsOf, FourStates } from '../../ui/fourStates';
import type { Ask } from '../../ui/host';
import { PixelResult } from './pixelResult';
import { TokenResult } from './tokenResult';

const TITLE = 'What is under my cursor?';

export interface InspectorViewProperties {
  readonly state: ViewState<InspectorContent>;
  /** What the host could not do, or ''. */
  readonly trouble: string;
  readonly head: string;
  /** The channel of a pixel that is looked at, from 0. */
  readonly channel: number;
  readonly host: Ask<InspectorHostCalls>;
  readonly onHead: (setting: string) => void;
  readonly onChannel: (channel: number) => void;
}

export function InspectorView(properties: InspectorViewProperties) {
  const { state, host } = properties;
  return (
    <div class="inspector">
      <FourStates title={TITLE} state={state} actions={actionsOf(host)}>
        {(content) =>
          content.kind === 'token' ? (
            <TokenResult {...properties} title={TITLE} content={content} />
          ) : (
            <PixelResult {...properties} title={TITLE} content={content} />
          )
        }
      </FourStates>
    </div>
  );
}
