/** The longest time for which nobody else got the thread, in milliseconds. */
export function watchThread(): { stop(): number } {
  let last = performance.now();
  let longest = 0;
  const beat = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  return {
    stop() {
      clearInterval(beat);
      return Math.max(longest, performance.now() - last);
    },
  };
}
