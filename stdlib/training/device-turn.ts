let last: Promise<unknown> = Promise.resolve();

/** One piece of device work after the other: two trainings side by side would only be slower and need twice the memory. */
export function exclusively<T>(work: () => Promise<T>): Promise<T> {
	const turn = last.then(work, work);
	last = turn.catch(() => {});
	return turn;
}
