import * as z from 'zod';

export const FORMAT = 'assay-pack/1';

/** Names in the archive; files of the notebook lie under `FILES`, published data under `DATA`. */
export const MANIFEST = 'assay-pack.json';
export const CASSETTE = 'calls.cassette.jsonl.gz';
export const FILES = 'files/';
export const DATA = 'data/';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const PackageName = z.string().regex(/^(?:@[\w.-]+\/)?[\w][\w.-]*$/);

export const Manifest = z.object({
	format: z.literal(FORMAT),
	/** Where the notebook lies under `files/`. */
	notebook: z.string(),
	params: z.record(z.string(), z.string()),
	/** The calls behind the results; null where there are none. */
	cassette: z.object({ calls: z.number().int().nonnegative() }).nullable(),
	/** Identities of the models that were called. */
	models: z.array(
		z
			.object({ provider: z.string(), model: z.string() })
			.catchall(z.union([z.string(), z.number(), z.boolean()])),
	),
	/** Data sets and weights behind the results: sha256 by name. */
	data: z.record(z.string(), z.string()),
	versions: z.object({
		assay: z.string(),
		node: z.string(),
		/** npm packages that cells and their files import. */
		packages: z.record(PackageName, z.string()),
	}),
	/** Every other file of the archive. */
	files: z.array(z.object({ path: z.string(), bytes: z.number().int().nonnegative(), sha256: Sha256 })),
});

/** What a pack says of itself. */
export type Manifest = z.output<typeof Manifest>;
