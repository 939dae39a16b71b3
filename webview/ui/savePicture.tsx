// “Save picture”: the menu of every view that has one, PNG or SVG. The picture is made when it is asked for.
import { useState } from 'preact/hooks';
import { toErrorRecord } from '../../src/protocol/errors';
import type { HostCalls } from '../../src/protocol/views';
import { PictureIcon } from './icons';
import { Menu } from './menu';
import { toPng, toSvg, type Picture } from './picture';

/** The part of a view's `Ask` that saves. */
type AskSave = (method: 'save', params: HostCalls['save']['params']) => void;

export function SavePicture(properties: {
  readonly host: AskSave;
  /** The file's name without its ending; what a file system would not take is replaced. */
  readonly name: string;
  readonly picture: () => Picture | undefined;
}) {
  const { host, name, picture } = properties;
  const [problem, setProblem] = useState('');
  const save = async (kind: string) => {
    const made = picture();
    if (made === undefined) return;
    const data =
      kind === 'svg' ? new TextEncoder().encode(toSvg(made)) : await toPng(made, window.devicePixelRatio);
    host('save', { suggestedName: `${name.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '-')}.${kind}`, data });
  };
  const choose = (kind: string) => {
    setProblem('');
    save(kind).catch((error: unknown) => setProblem(toErrorRecord(error).message));
  };
  return (
    <>
      {problem === '' ? null : (
        <span class="ar-note" role="alert" data-quote="">{`No picture: ${problem}`}</span>
      )}
      <Menu
        look="icon"
        name="Save picture"
        items={[
          { id: 'png', label: 'Save as PNG' },
          { id: 'svg', label: 'Save as SVG' },
        ]}
        onChoose={choose}
      >
        <PictureIcon />
      </Menu>
    </>
  );
}
