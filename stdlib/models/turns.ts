/** Many may step together, or one alone may run: a fair readers-writer lock. */
export class Turns {
	private together = 0;
	private alone = false;
	private readonly waiting: { readonly alone: boolean; readonly start: () => void }[] = [];

	/** Runs while nothing else does. */
	runAlone<T>(work: () => Promise<T>): Promise<T> {
		return this.run(true, work);
	}

	/** Runs beside others of its kind. */
	runTogether<T>(work: () => Promise<T>): Promise<T> {
		return this.run(false, work);
	}

	private async run<T>(alone: boolean, work: () => Promise<T>): Promise<T> {
		if (this.waiting.length > 0 || !this.mayStart(alone)) {
			await new Promise<void>((start) => this.waiting.push({ alone, start }));
		} else {
			this.enter(alone);
		}
		try {
			return await work();
		} finally {
			if (alone) this.alone = false;
			else this.together--;
			this.startNext();
		}
	}

	private mayStart(alone: boolean): boolean {
		return alone ? this.together === 0 && !this.alone : !this.alone;
	}

	private enter(alone: boolean): void {
		if (alone) this.alone = true;
		else this.together++;
	}

	private startNext(): void {
		for (let next = this.waiting[0]; next && this.mayStart(next.alone); next = this.waiting[0]) {
			this.waiting.shift();
			// Entered here and not when it wakes up, so that nothing slips in between.
			this.enter(next.alone);
			next.start();
		}
	}
}
