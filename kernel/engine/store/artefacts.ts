import { hash } from 'node:crypto';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Large results as files named by their sha256, in a folder beside the store. */
export class Artefacts {
	private folder: string | null;
	private readonly temporary: boolean;

	/** Without a folder they are in one that `close` removes. */
	constructor(folder: string | null) {
		this.folder = folder;
		this.temporary = folder === null;
	}

	close(): void {
		if (this.temporary && this.folder) rmSync(this.folder, { recursive: true, force: true });
	}

	put(bytes: Uint8Array): string {
		const sha256 = hash('sha256', bytes);
		const file = this.fileOf(sha256);
		if (!existsSync(file)) {
			mkdirSync(dirname(file), { recursive: true });
			// Written aside first: a kill leaves no half file under a name that promises its content.
			const aside = `${file}.${process.pid}.part`;
			try {
				writeFileSync(aside, bytes);
				renameSync(aside, file);
			} finally {
				rmSync(aside, { force: true });
			}
		}
		return sha256;
	}

	get(sha256: string): Uint8Array | undefined {
		const file = this.fileOf(sha256);
		return existsSync(file) ? readFileSync(file) : undefined;
	}

	/** Removes files that `wanted` does not know, and halves of killed writes. */
	gc(wanted: (sha256: string) => boolean): { artefacts: number; bytes: number } {
		const dropped = [...this.files()].filter(({ sha256 }) => !wanted(sha256));
		for (const { file } of dropped) rmSync(file, { force: true });
		return { artefacts: dropped.length, bytes: dropped.reduce((sum, { bytes }) => sum + bytes, 0) };
	}

	stats(): { count: number; bytes: number } {
		const files = [...this.files()];
		return { count: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
	}

	/** Names of files whose content is not what their name says. */
	damaged(): string[] {
		return [...this.files()]
			.filter(({ file, sha256 }) => !file.endsWith('.part') && hash('sha256', readFileSync(file)) !== sha256)
			.map(({ file }) => file);
	}

	private fileOf(sha256: string): string {
		this.folder ??= mkdtempSync(join(tmpdir(), 'assay-artefacts-'));
		return join(this.folder, sha256.slice(0, 2), sha256.slice(2));
	}

	private *files(): IterableIterator<{ file: string; sha256: string; bytes: number }> {
		if (!this.folder || !existsSync(this.folder)) return;
		for (const prefix of readdirSync(this.folder)) {
			for (const name of readdirSync(join(this.folder, prefix))) {
				const file = join(this.folder, prefix, name);
				yield { file, sha256: prefix + name, bytes: statSync(file).size };
			}
		}
	}
}
