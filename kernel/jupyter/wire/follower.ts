import { fstatSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { FollowedFile } from '../contracts.ts';
import { Streams } from '../session/streams.ts';
import type { Outgoing } from './message.ts';
import { outgoing } from './message.ts';

const READ_MS = 100;
const READ_BYTES = 1024 ** 2;
/** A program that writes more than this is ended. */
const MOST_BYTES = 64 * 1024 ** 2;

interface Followed extends FollowedFile {
	readonly decoder: StringDecoder;
	at: number;
}

/** Shows what a program writes to files while the cells' thread waits for it, in the cell that started it. */
export class Follower {
	readonly #files: readonly Followed[];
	readonly #streams: Streams;
	readonly #end: () => void;
	readonly #timer: NodeJS.Timeout;
	readonly #buffer = Buffer.allocUnsafe(READ_BYTES);
	#isTooMuch = false;

	constructor(
		{ files, parent }: { readonly files: readonly FollowedFile[]; readonly parent: string },
		calls: { readonly publish: (message: Outgoing) => void; readonly end: () => void },
	) {
		this.#files = files.map((file) => ({ ...file, decoder: new StringDecoder('utf8'), at: 0 }));
		this.#streams = new Streams((name, text) =>
			calls.publish(outgoing('stream', { name, text }, { parent })),
		);
		this.#end = calls.end;
		this.#timer = setInterval(() => this.#look(), READ_MS);
	}

	/** The program has ended, or nobody waits for it any more. */
	close(): void {
		clearInterval(this.#timer);
		for (const file of this.#files) while (this.#read(file));
		if (this.#isTooMuch)
			this.#streams.write('stderr', `\n[it wrote more than ${MOST_BYTES / 1024 ** 2} MB and was ended]\n`);
		this.#streams.end();
	}

	#look(): void {
		for (const file of this.#files) {
			this.#read(file);
			if (this.#isTooMuch || sizeOf(file) <= MOST_BYTES) continue;
			this.#isTooMuch = true;
			this.#end();
		}
		this.#streams.flush();
	}

	/** Whether there was something, and there may be more. Of too much the middle is passed over, and said to be. */
	#read(file: Followed): boolean {
		const left = sizeOf(file) - file.at;
		if (left > MOST_BYTES && file.at > 0) this.#passOver(file, left - READ_BYTES);
		const count = left > 0 ? unlessClosed(() => readSync(file.fd, this.#buffer, 0, READ_BYTES, file.at)) : 0;
		file.at += count;
		this.#streams.write(file.name, file.decoder.write(this.#buffer.subarray(0, count)));
		return count > 0;
	}

	#passOver(file: Followed, bytes: number): void {
		file.at += bytes;
		this.#streams.passOver(bytes);
	}
}

const sizeOf = ({ fd }: FollowedFile): number => unlessClosed(() => fstatSync(fd).size);

/** 0 where the file is closed already: whoever wrote to it has lost patience with this thread. */
function unlessClosed(look: () => number): number {
	try {
		return look();
	} catch {
		return 0;
	}
}
