/** The answer to a debugger's request: there is none, in the debug adapter protocol's own form. */
export function refuseDebugger(request: Readonly<Record<string, unknown>>): unknown {
	return {
		type: 'response',
		request_seq: typeof request.seq === 'number' ? request.seq : 0,
		seq: 0,
		success: false,
		command: typeof request.command === 'string' ? request.command : '',
		message: 'Assay has no debugger',
		body: {},
	};
}
