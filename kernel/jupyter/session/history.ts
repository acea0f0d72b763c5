export interface HistoryEntry {
	/** Counted from 1 over all sessions. */
	readonly session: number;
	/** The number in `In [3]`. */
	readonly line: number;
	readonly input: string;
	readonly output: string | null;
}

/** Cells that ran, of this and of earlier sessions; answers are oldest first. */
export interface History {
	add(line: number, input: string, output: string | null): void;
	/** The latest `count` cells. */
	tail(count: number): readonly HistoryEntry[];
	/** Lines `start` to before `stop` of a session; 0 is this session, -1 the one before it. */
	range(session: number, start: number, stop: number | null): readonly HistoryEntry[];
	/** The latest `count` inputs that a glob pattern (`*`, `?`) matches. */
	search(pattern: string, count: number | null, unique: boolean): readonly HistoryEntry[];
	close(): void;
}
