import { isSecretName } from '../../engine/calls/redact.ts';

export interface ApartSettings {
	/** Where the kernel keeps what it would keep of a person: nothing of a pack gets into their history. */
	readonly home: string;
	readonly params: Readonly<Record<string, string>>;
	readonly store: string;
	readonly cassettes?: readonly string[];
	/** A cassette to write. */
	readonly record?: string;
	/** A folder with published data sets, before those of this machine. */
	readonly data?: string | null;
}

/** A port that nothing listens on: programs that a cell starts, and that heed it, reach nothing either. */
const NOWHERE = 'http://127.0.0.1:9';

/** The environment of a kernel that makes no call, has no key and reaches no network. */
export function environmentApart(settings: ApartSettings, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const kept = Object.entries(env).filter(([name]) => !isSecretName(name) && !/^ASSAY_/.test(name));
	const { ASSAY_DATA, ASSAY_MODELS } = env;
	const data = settings.data ?? ASSAY_DATA;
	return {
		...Object.fromEntries(kept),
		...(data ? { ASSAY_DATA: data } : {}),
		...(ASSAY_MODELS ? { ASSAY_MODELS } : {}),
		XDG_DATA_HOME: settings.home,
		http_proxy: NOWHERE,
		https_proxy: NOWHERE,
		ASSAY_OFFLINE: '1',
		ASSAY_REPLAY: '1',
		ASSAY_PARAMS: JSON.stringify(settings.params),
		ASSAY_STORE: settings.store,
		ASSAY_CASSETTES: JSON.stringify(settings.cassettes ?? []),
		...(settings.record ? { ASSAY_RECORD: settings.record } : {}),
	};
}
