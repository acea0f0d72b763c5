/** Server-sent events: calls back with each event's `data`, however the bytes were cut (WHATWG HTML, section 9.2.6). */
export class EventParser {
	private readonly decoder = new TextDecoder();
	private readonly onData: (data: string) => void;
	private rest = '';
	private data: string[] = [];

	constructor(onData: (data: string) => void) {
		this.onData = onData;
	}

	feed(chunk: Uint8Array): void {
		const lines = (this.rest + this.decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/);
		this.rest = lines.pop() ?? '';
		for (const line of lines) this.line(line);
	}

	end(): void {
		if (this.rest !== '') this.line(this.rest.replace(/\r$/, ''));
		this.line('');
		this.rest = '';
	}

	private line(line: string): void {
		if (line === '') {
			if (this.data.length > 0) this.onData(this.data.join('\n'));
			this.data = [];
		} else if (line.startsWith('data:')) {
			this.data.push(line.slice(line[5] === ' ' ? 6 : 5));
		}
	}
}
