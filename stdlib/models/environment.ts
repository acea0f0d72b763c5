/** What the model providers read from the environment, in one place. Keys are looked up here and kept nowhere else. */
export interface Endpoint {
	readonly baseUrl: URL;
	/** The key for that host, or null. */
	readonly key: string | null;
	/** The variable that would hold it: what an error names. */
	readonly keyVariable: string;
	/** Whether this is the vendor's own service, which cannot be used without a key. */
	readonly official: boolean;
	/** Whether the program itself named the server: then it is part of what the model is. */
	readonly named: boolean;
}

/** What to do about a key that was not accepted. */
export const keyHint = ({ key, keyVariable }: Endpoint): string =>
	key === null ? `${keyVariable} is not set` : `is ${keyVariable} right?`;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * A key goes to the vendor, to the host that the environment names, or to this machine. For any other host that a
 * program names it must be in a variable of that host's own (`OPENAI_API_KEY_OPENROUTER_AI`): a study from elsewhere
 * cannot send a key away.
 */
export function endpoint(
	vendor: 'OPENAI' | 'ANTHROPIC',
	official: string,
	given: string | null,
	env: Env = process.env,
): Endpoint {
	const fromEnv = env[`${vendor}_BASE_URL`];
	const baseUrl = new URL(given ?? fromEnv ?? official);
	const trusted =
		baseUrl.host === new URL(official).host ||
		isLoopback(baseUrl.hostname) ||
		(fromEnv !== undefined && URL.canParse(fromEnv) && new URL(fromEnv).host === baseUrl.host);
	const ownVariable = `${vendor}_API_KEY_${baseUrl.hostname.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
	const keyVariable = trusted && env[ownVariable] === undefined ? `${vendor}_API_KEY` : ownVariable;
	return {
		baseUrl,
		key: env[keyVariable] || null,
		keyVariable,
		official: baseUrl.host === new URL(official).host,
		named: given !== null,
	};
}

export const isLoopback = (hostname: string): boolean =>
	hostname === 'localhost' ||
	hostname === '[::1]' ||
	hostname === '::1' ||
	/^127(?:\.\d+){3}$/.test(hostname);

/** Whether calls to this host go through a proxy that the environment names. */
export const usesProxy = (url: URL, env: Env = process.env): boolean => {
	if (isLoopback(url.hostname)) return false;
	return Boolean(
		url.protocol === 'https:' ? (env.https_proxy ?? env.HTTPS_PROXY) : (env.http_proxy ?? env.HTTP_PROXY),
	);
};
