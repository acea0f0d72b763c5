import { debug } from '../debug.ts';
import { Churn } from './churn.ts';
import type { Ort } from './ort.ts';
import { hash, type PendingGraph } from './pending-graph.ts';
import { GraphSession, type SessionOptions } from './session.ts';

export interface CacheOptions extends SessionOptions {
	readonly maxSessions: number;
	/** Of the intermediate results that the sessions hold on to. */
	readonly sessionBytes: number;
}

/** Compiled graphs by their structure; the least recently used is dropped beyond the limits. */
export class SessionCache {
	private readonly ort: Ort;
	private readonly options: CacheOptions;
	/** In the order of their last use. */
	private readonly sessions = new Map<string, GraphSession>();
	private bytes = 0;
	private readonly churn = new Churn();

	constructor(ort: Ort, options: CacheOptions) {
		this.ort = ort;
		this.options = options;
	}

	/** The session for this graph, compiled when it first runs. */
	get(pending: PendingGraph): GraphSession {
		const key = hash(pending.signature);
		const kept = this.sessions.get(key);
		if (kept && sameWords(kept.signature, pending.signature)) {
			this.sessions.delete(key);
			this.sessions.set(key, kept);
			return kept;
		}
		this.drop(key);
		const session = new GraphSession(this.ort, pending, this.options, this.churn.note(pending));
		this.sessions.set(key, session);
		this.bytes += session.bytes;
		this.trim();
		return session;
	}

	/** Gives back what a session holds, as it will not run again. */
	forget(session: GraphSession): void {
		for (const [key, kept] of this.sessions) if (kept === session) this.drop(key);
	}

	get size(): number {
		return this.sessions.size;
	}

	clear(): void {
		for (const key of [...this.sessions.keys()]) this.drop(key);
	}

	private trim(): void {
		while (
			this.sessions.size > 1 &&
			(this.sessions.size > this.options.maxSessions || this.bytes > this.options.sessionBytes)
		) {
			const [oldest] = this.sessions.keys();
			debug('dropped a compiled graph: %d held, %d bytes', this.sessions.size, this.bytes);
			this.drop(oldest as string);
		}
	}

	private drop(key: string): void {
		const session = this.sessions.get(key);
		if (!session) return;
		this.bytes -= session.bytes;
		session.dispose();
		this.sessions.delete(key);
	}
}

const sameWords = (a: Int32Array, b: Int32Array): boolean =>
	a.length === b.length && a.every((word, i) => word === b[i]);
