export default {
	files: ['test/**/*.test.ts', '!test/conformance/**', '!test/browser/**', '!test/bench/**'],
	extensions: ['ts'],
	timeout: '10m',
};
