/** Weights are loaded once a process, whoever asks for them; a load that failed or was called off may be tried again. */
export class LoadedOnce<Engine extends { close(): unknown }> {
	private readonly engines = new Map<string, Promise<Engine>>();

	get(key: string, load: () => Promise<Engine>): Promise<Engine> {
		const known = this.engines.get(key);
		if (known) return known;
		const loading = load();
		this.engines.set(key, loading);
		loading.catch(() => this.engines.delete(key));
		return loading;
	}

	async close(key: string): Promise<void> {
		const loading = this.engines.get(key);
		this.engines.delete(key);
		await (await loading)?.close();
	}
}
