import { z } from 'zod';

/** What a GGUF file says of itself, by key. */
export type GgufMetadata = Readonly<Record<string, unknown>>;

export const textAt = (metadata: GgufMetadata, key: string): string | null =>
	typeof metadata[key] === 'string' ? (metadata[key] as string) : null;

export function numberAt(metadata: GgufMetadata, key: string): number | null {
	const found = z.union([z.number(), z.bigint()]).safeParse(metadata[key]);
	return found.success ? Number(found.data) : null;
}
