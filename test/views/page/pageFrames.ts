// How long the frames of a view take: wraps the test page's requestAnimationFrame before the view is loaded.
const nextFrame = window.requestAnimationFrame.bind(window);
/** Milliseconds of script that each of the view's frames took, what it left for the end of the task included. */
let drawing: number[] = [];
window.requestAnimationFrame = (callback) =>
  nextFrame((time) => {
    const begun = performance.now();
    callback(time);
    // uPlot draws in a microtask it has queued by now; a second hop lands behind what that queues.
    queueMicrotask(() => queueMicrotask(() => drawing.push(performance.now() - begun)));
  });

/** What the view's frames took since this was last asked. */
export function frames(): number[] {
  const taken = drawing;
  drawing = [];
  return taken;
}

/** Two frames of the page itself, which are no frames of the view. */
export const twoFrames = () => new Promise((resolve) => nextFrame(() => nextFrame(resolve)));
