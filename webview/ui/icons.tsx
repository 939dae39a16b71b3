// The few icons the views use, drawn for this project on a 16 px grid. Decoration only: buttons carry the names.
import type { ComponentChildren } from 'preact';

function Icon({ children }: { readonly children: ComponentChildren }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const PauseIcon = () => (
  <Icon>
    <path d="M4 3h3v10H4zM9 3h3v10H9z" />
  </Icon>
);

export const PlayIcon = () => (
  <Icon>
    <path d="M4 2.500 13 8 4 13.500z" />
  </Icon>
);

export const StopIcon = () => (
  <Icon>
    <path d="M3.500 3.500h9v9h-9z" />
  </Icon>
);

/** Two sheets. */
export const CopyIcon = () => (
  <Icon>
    <path
      d="M6 1h7a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V2a1 1 0 0 1 1-1zm0 1v8h7V2z"
      fill-rule="evenodd"
    />
    <path d="M3 5v8h7v1H3a1 1 0 0 1-1-1V5z" />
  </Icon>
);

/** A picture with a hill in it. */
export const PictureIcon = () => (
  <Icon>
    <path
      d="M2 2h12a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zm0 1v10h12V3z"
      fill-rule="evenodd"
    />
    <path d="M3 12l3.500-5 2.500 3.200L10.500 8.500 13 12z" />
    <path d="M10 5.200h2v2h-2z" />
  </Icon>
);

/** A drawing pin, seen from the side. */
export const PinIcon = () => (
  <Icon>
    <path
      d="M5 1h6v1.200h-1v4.300l2.200 2.300V10H8.600v4L8 15l-.6-1v-4H3.800V8.800L6 6.500V2.200H5zm2.200 1.200V7L5.500 8.800h5L8.800 7V2.200z"
      fill-rule="evenodd"
    />
  </Icon>
);

export const PlusIcon = () => (
  <Icon>
    <path d="M7.300 2.500h1.400v4.800h4.800v1.400H8.700v4.800H7.300V8.700H2.500V7.300h4.800z" />
  </Icon>
);

export const MinusIcon = () => (
  <Icon>
    <path d="M2.500 7.300h11v1.400h-11z" />
  </Icon>
);

/** The four corners of a frame. */
export const WholeIcon = () => (
  <Icon>
    <path d="M2 2h4v1.300H3.300V6H2zM10 2h4v4h-1.300V3.300H10zM2 10h1.300v2.700H6V14H2zM12.700 10H14v4h-4v-1.300h2.700z" />
  </Icon>
);
