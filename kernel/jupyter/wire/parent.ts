/** Calls `gone` once when the Jupyter that started this kernel is no longer there, however it ended. */
export function watchParent(gone: () => void, env: NodeJS.ProcessEnv = process.env): void {
	const parent = Number(env.JPY_PARENT_PID);
	if (!Number.isInteger(parent) || parent <= 0) return;
	const isChild = process.ppid === parent;
	const timer = setInterval(() => {
		if (isChild ? process.ppid === parent : exists(parent)) return;
		clearInterval(timer);
		gone();
	}, 1000);
	timer.unref();
}

function exists(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code !== 'ESRCH';
	}
}
