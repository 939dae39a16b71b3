// Says changes to screen readers: politely, and not faster than a person can listen.
import { useEffect, useRef, useState } from 'preact/hooks';

const PAUSE = 15_000;

/** The newest `sentence` is spoken; those that come within fifteen seconds of another are replaced by the last of them. */
export function LiveRegion({ sentence }: { readonly sentence: string }) {
  const [spoken, setSpoken] = useState('');
  const last = useRef(-PAUSE);
  useEffect(() => {
    const wait = Math.max(0, last.current + PAUSE - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setSpoken(sentence);
    }, wait);
    return () => clearTimeout(timer);
  }, [sentence]);
  return (
    <div class="ar-hidden" role="status" aria-live="polite" data-quote="">
      {spoken}
    </div>
  );
}
