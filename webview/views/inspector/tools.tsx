// What stands beside the Inspector's title: pin, copy, save; and what pinning means.
import type { ComponentChildren } from 'preact';
import type { InspectorHostCalls } from '../../../src/protocol/inspectorView';
import type { Ask } from '../../ui/host';
import { CopyIcon, PinIcon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import type { Picture } from '../../ui/picture';
import { SavePicture } from '../../ui/savePicture';

export function Tools(properties: {
  readonly of: 'token' | 'pixel';
  readonly pinned: boolean;
  readonly host: Ask<InspectorHostCalls>;
  readonly onCopy: (kind: string) => void;
  readonly picture: () => Picture;
}) {
  const { of, pinned, host, onCopy, picture } = properties;
  const name = pinned ? 'Pinned: no longer follows the cursor' : `Pin: stay with this ${of}`;
  return (
    <span class="ar-tools">
      <button
        type="button"
        class={pinned ? 'ar-icon on' : 'ar-icon'}
        aria-pressed={pinned}
        aria-label={name}
        title={name}
        onClick={() => host('pin', { pinned: !pinned })}
      >
        <PinIcon />
      </button>
      <Menu
        look="icon"
        name="Copy as data"
        items={[
          { id: 'csv', label: 'Copy as CSV' },
          { id: 'json', label: 'Copy as JSON' },
        ]}
        onChoose={onCopy}
      >
        <CopyIcon />
      </Menu>
      <SavePicture host={host} name={of} picture={picture} />
    </span>
  );
}

export function PinnedNote({ children }: { readonly children: ComponentChildren }) {
  return (
    <p class="ar-note pinned" role="status">
      {children}
    </p>
  );
}
