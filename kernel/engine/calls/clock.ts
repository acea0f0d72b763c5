/** Time, so that tests can turn the hands. Durations come from `now`, which never goes back; `wall` is only shown. */
export interface Clock {
	/** Monotonic milliseconds. */
	now(): number;
	/** Milliseconds since 1970. */
	wall(): number;
	/** Runs `fire` after `ms`; the result calls it off. */
	after(ms: number, fire: () => void): () => void;
}

export const systemClock: Clock = {
	now: () => performance.now(),
	wall: () => Date.now(),
	after: (ms, fire) => {
		const timer = setTimeout(fire, ms);
		return () => clearTimeout(timer);
	},
};
