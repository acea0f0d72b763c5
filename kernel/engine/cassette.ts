import { createHash, hash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { UserError } from '../../stdlib/define.ts';
import type { ModelIdentity } from '../../stdlib/models/provider.ts';
import { createRedact, REDACTED } from './calls/redact.ts';
import { type CallRecord, storedCall } from './store/call-table.ts';
import { identityText, keyOfTexts } from './store/canonical.ts';
import { storeError } from './store/errors.ts';
import { encodeOutcome } from './store/outcome.ts';
import type { Store, StoredCall } from './store/store.ts';

const FORMAT = 'assay-cassette/1';
const WRITE_BYTES = 1 << 20;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const setting = z.union([z.string(), z.number(), z.boolean()]);

const Header = z.object({
	format: z.literal(FORMAT),
	calls: z.number().int().nonnegative(),
	/** Identities; a call names one by its place. */
	models: z.array(z.object({ provider: z.string(), model: z.string() }).catchall(setting)),
	/** Of every byte after the first line. */
	sha256,
});

const Line = z.object({
	key: sha256,
	model: z.number().int().nonnegative(),
	request: z.looseObject({ kind: z.enum(['sample', 'choose', 'logprob', 'embed']) }),
	outcome: z.union([
		z.array(z.unknown()),
		z.object({ reason: z.literal('refused'), message: z.string(), code: z.string().nullable() }),
	]),
	usd: z.number().nullable(),
	seconds: z.number().nonnegative(),
	at: z.number(),
});

export interface CassetteSummary {
	readonly calls: number;
	readonly bytes: number;
}

/**
 * Writes the calls with these keys to a portable file: JSON lines, gzipped when the name ends in `.gz`, in the order of
 * the keys given (`Store.usedCalls` sorts them, so that the same calls give the same bytes). It holds no secret: what was
 * kept was redacted, and is again here. Read it with `openStore(path, {cassettes: [file]})`.
 */
export function exportCassette(store: Store, file: string, keys: () => Iterable<string>): CassetteSummary {
	const redact = createRedact();
	const models: string[] = [];
	const digest = createHash('sha256');
	let calls = 0;
	for (const line of cassetteLines(store, keys(), models)) {
		digest.update(redact(line));
		calls++;
	}
	const header = `{"format":"${FORMAT}","calls":${calls},"models":[${models.join(',')}],"sha256":"${digest.digest('hex')}"}\n`;
	const writer = new CassetteWriter(file);
	try {
		writer.write(redact(header));
		for (const line of cassetteLines(store, keys(), models)) writer.write(redact(line));
		return { calls, bytes: writer.finish() };
	} catch (error) {
		writer.discard();
		throw storeError(error, file);
	}
}

function* cassetteLines(store: Store, keys: Iterable<string>, models: string[]): IterableIterator<string> {
	for (const key of keys) {
		const call = store.getCall(key);
		if (!call)
			throw new UserError(`the store lacks the call ${key}, which the study used`, 'Run the study again.');
		yield lineOf(key, call, models);
	}
}

function lineOf(key: string, call: StoredCall, models: string[]): string {
	const identity = identityText(call.model);
	let model = models.indexOf(identity);
	if (model < 0) model = models.push(identity) - 1;
	const outcome = encodeOutcome(call.kind, call.outcome);
	const costs = `"usd":${JSON.stringify(call.usd)},"seconds":${call.seconds},"at":${call.at}`;
	return `{"key":"${key}","model":${model},"request":${call.request},"outcome":${outcome},${costs}}\n`;
}

/** Writes beside the file and renames at the end, so that a cassette is whole or not there. */
class CassetteWriter {
	private readonly file: string;
	private readonly aside: string;
	private readonly descriptor: number;
	private waiting: string[] = [];
	private waitingChars = 0;
	private bytes = 0;

	constructor(file: string) {
		this.file = file;
		this.aside = `${file}.${randomBytes(3).toString('hex')}.part`;
		this.descriptor = openSync(this.aside, 'w');
	}

	write(line: string): void {
		this.waiting.push(line);
		this.waitingChars += line.length;
		if (this.waitingChars >= WRITE_BYTES) this.flush();
	}

	finish(): number {
		this.flush();
		closeSync(this.descriptor);
		renameSync(this.aside, this.file);
		return this.bytes;
	}

	discard(): void {
		rmSync(this.aside, { force: true });
	}

	private flush(): void {
		const text = Buffer.from(this.waiting.join(''));
		// Several gzip members one after the other are one gzip file.
		const bytes = this.file.endsWith('.gz') ? gzipSync(text) : text;
		for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at);
		this.bytes += bytes.length;
		this.waiting = [];
		this.waitingChars = 0;
	}
}

/** What a cassette's first line says, without checking the rest. */
export function describeCassette(
	file: string,
): CassetteSummary & { readonly models: readonly ModelIdentity[] } {
	const { header, bytes } = openCassette(file);
	return { calls: header.calls, bytes, models: header.models };
}

/** Copies a cassette's calls into a store for good; those that it has stay as they are. */
export function importCassette(store: Store, file: string): CassetteSummary {
	let calls = 0;
	for (const record of readCassette(file)) {
		if (store.getCall(record.key)) continue;
		store.putCall(record.key, storedCall(record));
		calls++;
	}
	store.flush();
	return { calls, bytes: readFileSync(file).length };
}

/** Every call of a cassette, once the whole file has proved to be what its header says. */
export function* readCassette(file: string): IterableIterator<CallRecord> {
	const { header, content } = openCassette(file);
	if (hash('sha256', content) !== header.sha256) {
		throw new UserError(
			`the cassette ${file} was cut short or changed: its content does not have the hash in its first line`,
			'Fetch it again from where it came from, or record it anew with `assay cassette`.',
		);
	}
	const identities = header.models.map((model) => identityText(model));
	let number = 1;
	for (let at = 0; at < content.length; ) {
		const end = content.indexOf(10, at);
		const line = content.subarray(at, end < 0 ? content.length : end).toString('utf8');
		yield parseLine(file, ++number, line, identities);
		at = end < 0 ? content.length : end + 1;
	}
}

function openCassette(file: string): { header: z.infer<typeof Header>; content: Buffer; bytes: number } {
	const bytes = readBytes(file);
	const headerEnd = bytes.indexOf(10);
	const header = parseHeader(
		file,
		bytes.subarray(0, headerEnd < 0 ? bytes.length : headerEnd).toString('utf8'),
	);
	const content = headerEnd < 0 ? Buffer.alloc(0) : bytes.subarray(headerEnd + 1);
	return { header, content, bytes: bytes.length };
}

function readBytes(file: string): Buffer {
	let bytes: Buffer;
	try {
		bytes = readFileSync(file);
	} catch (error) {
		const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
		throw new UserError(
			gone
				? `there is no cassette at ${file}`
				: `the cassette ${file} cannot be read: ${(error as Error).message}`,
			gone ? 'Check the path, or record one with `assay cassette`.' : null,
			error,
		);
	}
	if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
	try {
		return gunzipSync(bytes);
	} catch (error) {
		throw new UserError(
			`the cassette ${file} was cut short or changed: it cannot be unpacked`,
			'Fetch it again from where it came from, or record it anew with `assay cassette`.',
			error,
		);
	}
}

function parseHeader(file: string, line: string): z.infer<typeof Header> {
	const json = parseJson(line);
	const format = (json as { format?: unknown } | null)?.format;
	if (typeof format === 'string' && format.startsWith('assay-cassette/') && format !== FORMAT) {
		throw new UserError(
			`the cassette ${file} has the format ${format}; this Assay reads ${FORMAT}`,
			'Update Assay, or record the cassette anew with this version.',
		);
	}
	const header = Header.safeParse(json);
	if (!header.success) {
		throw new UserError(
			`${file} is not a cassette: its first line is not a cassette's header`,
			'Check the path.',
		);
	}
	return header.data;
}

function parseLine(file: string, number: number, text: string, identities: readonly string[]): CallRecord {
	const parsed = Line.safeParse(parseJson(text));
	const identity = parsed.success ? identities[parsed.data.model] : undefined;
	if (!parsed.success || identity === undefined) {
		const why = parsed.success ? 'its model is not in the header' : z.prettifyError(parsed.error);
		throw new UserError(
			`line ${number} of the cassette ${file} is not a call: ${why}`,
			'Record the cassette anew.',
		);
	}
	const { key, request, outcome, usd, seconds, at } = parsed.data;
	const requestJson = JSON.stringify(request);
	if (!requestJson.includes(REDACTED) && keyOfTexts(identity, requestJson) !== key) {
		throw new UserError(
			`line ${number} of the cassette ${file} was changed: its request does not have the key it is filed under`,
			'Record the cassette anew.',
		);
	}
	return {
		key,
		kind: request.kind,
		outcome: JSON.stringify(outcome),
		identity,
		usd,
		seconds,
		at,
		request: requestJson,
	};
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
