/**
 * Gathers rows that are asked for one by one into batches: those of one turn of the event loop, `most` at a time. A single
 * image through a network costs nearly as much as dozens.
 */
export class RowBatches<Row, Result> {
	private waiting: {
		readonly row: Row;
		readonly resolve: (result: Result) => void;
		readonly reject: (error: unknown) => void;
	}[] = [];
	private readonly compute: (rows: readonly Row[]) => Promise<readonly Result[]>;
	private readonly most: number;

	constructor(compute: (rows: readonly Row[]) => Promise<readonly Result[]>, most = 256) {
		this.compute = compute;
		this.most = most;
	}

	ask(row: Row): Promise<Result> {
		return new Promise((resolve, reject) => {
			if (this.waiting.length === 0) setImmediate(() => this.flush());
			this.waiting.push({ row, resolve, reject });
			if (this.waiting.length >= this.most) this.flush();
		});
	}

	private flush(): void {
		const asked = this.waiting;
		this.waiting = [];
		if (asked.length === 0) return;
		this.compute(asked.map(({ row }) => row)).then(
			(results) =>
				asked.forEach(({ resolve }, i) => {
					resolve(results[i] as Result);
				}),
			(error: unknown) => {
				for (const { reject } of asked) reject(error);
			},
		);
	}
}
