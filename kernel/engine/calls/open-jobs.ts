import type { Job } from './job.ts';

/** Three hexadecimal digits of the key. */
const BUCKETS = 4096;

/**
 * Jobs that are not done, also by their keys. A `Map` would do, but V8 links each of its outgrown tables to the next one:
 * those that have grown old keep every call alive that was ever in them, until the whole heap is collected.
 */
export class OpenJobs implements Iterable<Job> {
	size = 0;
	private readonly buckets: (Job | null)[] = new Array<Job | null>(BUCKETS).fill(null);

	add(job: Job): void {
		const bucket = bucketOf(job.key);
		job.next = this.buckets[bucket] ?? null;
		this.buckets[bucket] = job;
		this.size++;
	}

	delete(job: Job): void {
		const bucket = bucketOf(job.key);
		let before: Job | null = null;
		for (let at = this.buckets[bucket] ?? null; at; before = at, at = at.next) {
			if (at !== job) continue;
			if (before) before.next = job.next;
			else this.buckets[bucket] = job.next;
			job.next = null;
			this.size--;
			return;
		}
	}

	find(key: string): Job | null {
		if (this.size === 0) return null;
		let job = this.buckets[bucketOf(key)] ?? null;
		while (job && job.key !== key) job = job.next;
		return job;
	}

	/** Jobs that are open now: what is done while they are gone through changes nothing. */
	[Symbol.iterator](): Iterator<Job> {
		const all: Job[] = [];
		for (const first of this.buckets) for (let job = first; job; job = job.next) all.push(job);
		return all[Symbol.iterator]();
	}
}

const bucketOf = (key: string): number => Number.parseInt(key.slice(0, 3), 16);
