import { createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { UserError } from '../define.ts';

const END_RECORD = 0x06054b50;
const CENTRAL_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
/** The end record and the longest comment that may follow it. */
const END_SEARCH_BYTES = 22 + 65_535;

interface Member {
	readonly method: number;
	readonly compressedBytes: number;
	readonly localOffset: number;
}

/** Unpacks one member of a zip archive (APPNOTE 6.3, without zip64) as a stream, whatever its size. */
export async function extractMember(
	archive: string,
	member: string,
	target: string,
	signal?: AbortSignal,
): Promise<void> {
	const file = await open(archive);
	try {
		const found = await findMember(file, member);
		if (found === null) throw new UserError(`${archive} has no member ${member}`);
		const local = await bytesAt(file, found.localOffset, 30);
		if (local.readUInt32LE(0) !== LOCAL_ENTRY) throw new UserError(`${archive} is damaged`);
		const start = found.localOffset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
		const source = file.createReadStream({
			start,
			end: start + found.compressedBytes - 1,
			autoClose: false,
			highWaterMark: 1 << 20,
		});
		const sink = createWriteStream(target);
		if (found.method === 0) await pipeline(source, sink, { signal });
		else if (found.method === 8) await pipeline(source, createInflateRaw(), sink, { signal });
		else
			throw new UserError(`${member} in ${archive} is packed in a way that is not known (${found.method})`);
	} finally {
		await file.close();
	}
}

async function findMember(file: FileHandle, member: string): Promise<Member | null> {
	const { size } = await file.stat();
	const tailStart = Math.max(0, size - END_SEARCH_BYTES);
	const tail = await bytesAt(file, tailStart, size - tailStart);
	let end = tail.length - 22;
	while (end >= 0 && tail.readUInt32LE(end) !== END_RECORD) end--;
	if (end < 0) throw new UserError('the archive ends too early; fetch it again');
	const directory = await bytesAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
	for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === CENTRAL_ENTRY; ) {
		const nameLength = directory.readUInt16LE(at + 28);
		if (directory.toString('utf8', at + 46, at + 46 + nameLength) === member) {
			return {
				method: directory.readUInt16LE(at + 10),
				compressedBytes: directory.readUInt32LE(at + 20),
				localOffset: directory.readUInt32LE(at + 42),
			};
		}
		at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
	}
	return null;
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
	const buffer = Buffer.alloc(length);
	const { bytesRead } = await file.read(buffer, 0, length, position);
	return buffer.subarray(0, bytesRead);
}
