// How deep is looked: a slider, and a walk through all depths by itself.
import { useEffect, useRef } from 'preact/hooks';
import { IconButton, Slider } from '../../ui/controls';
import { Quantity } from '../../ui/figure';
import { PauseIcon, PlayIcon } from '../../ui/icons';

/** Milliseconds a depth is shown while it plays. */
const SHOWN = 160;

export function DepthBar(properties: {
  readonly depth: number;
  readonly deepest: number;
  /** Layers of the network itself. */
  readonly layers: number;
  readonly playing: boolean;
  readonly onDepth: (depth: number) => void;
  readonly onPlay: (playing: boolean) => void;
}) {
  const { depth, deepest, layers, playing, onDepth, onPlay } = properties;
  const latest = useRef(properties);
  latest.current = properties;
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setInterval(() => {
      const now = latest.current;
      if (now.depth >= now.deepest) now.onPlay(false);
      else now.onDepth(now.depth + 1);
    }, SHOWN);
    return () => clearInterval(timer);
  }, [playing]);
  const play = () => {
    if (!playing && depth >= deepest) onDepth(1);
    onPlay(!playing);
  };
  return (
    <div class="depth">
      <span class="ar-note">depth</span>
      <Slider
        name="Depth: layers that are looked at"
        value={depth}
        minimum={1}
        maximum={Math.max(2, deepest)}
        step={1}
        label={`${depth} of ${deepest} layers${depth === layers ? ', as many as the network has' : ''}`}
        onSlide={(next) => onDepth(Math.min(next, deepest))}
      />
      <span class="of">
        <Quantity text={String(depth)} unit={`of ${deepest} layers`} />
      </span>
      <IconButton name={playing ? 'Pause' : 'Play through the depths'} onPress={play}>
        {playing ? <PauseIcon /> : <PlayIcon />}
      </IconButton>
      <span class="ar-note own" data-quote="">
        {depth === layers ? 'the network’s own' : ''}
      </span>
    </div>
  );
}
