interface Listed {
	readonly parent: number;
	readonly pid: number;
	/** Seconds since it began. */
	readonly age: number;
}

/**
 * Ends the program that the cells' thread waits for, with all that it started: nothing else ends such a wait. That thread
 * can start none beside it, so it is the youngest child. Asked a second time, it is not asked but killed.
 */
export class WaitedFor {
	readonly #isWaiting: Int32Array;
	#asked = false;

	/** `isWaiting` is 1 while that thread waits for a program, and 0 otherwise. */
	constructor(isWaiting: Int32Array) {
		this.#isWaiting = isWaiting;
	}

	async interrupt(): Promise<void> {
		const signal = this.#asked ? 'SIGKILL' : 'SIGINT';
		this.#asked = true;
		await this.#send(signal);
	}

	async kill(): Promise<void> {
		await this.#send('SIGKILL');
	}

	async #send(signal: NodeJS.Signals): Promise<void> {
		if (Atomics.load(this.#isWaiting, 0) === 0) return;
		const all = await listed();
		const [youngest] = all
			.filter(({ parent }) => parent === process.pid)
			.sort((a, b) => a.age - b.age || b.pid - a.pid);
		if (!youngest || Atomics.load(this.#isWaiting, 0) === 0) return;
		for (const pid of [...descendants(youngest.pid, all), youngest.pid]) end(pid, signal);
	}

	/** That thread goes on. */
	over(): void {
		this.#asked = false;
	}
}

/** All processes but the one that lists them; none where there is no `ps`. */
async function listed(): Promise<Listed[]> {
	// Loaded when it is needed: this thread must be there soon.
	const [{ execFile }, { promisify }] = await Promise.all([
		import('node:child_process'),
		import('node:util'),
	]);
	const asked = promisify(execFile)('ps', ['-A', '-o', 'ppid=,pid=,etime=']);
	const own = asked.child.pid;
	const { stdout } = await asked.catch(() => ({ stdout: '' }));
	return stdout
		.split('\n')
		.map((line) => line.trim().split(/\s+/))
		.map(([parent, pid, elapsed = '']) => ({
			parent: Number(parent),
			pid: Number(pid),
			age: secondsOf(elapsed),
		}))
		.filter(({ pid }) => pid > 0 && pid !== own);
}

/** `[[days-]hours:]minutes:seconds` */
function secondsOf(elapsed: string): number {
	const [clock = '', days = '0'] = elapsed.split('-').reverse();
	return clock.split(':').reduce((sum, part) => 60 * sum + Number(part), 0) + 86_400 * Number(days);
}

const descendants = (of: number, all: readonly Listed[]): number[] =>
	all.filter(({ parent }) => parent === of).flatMap(({ pid }) => [...descendants(pid, all), pid]);

function end(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch {
		// It has ended by itself.
	}
}
