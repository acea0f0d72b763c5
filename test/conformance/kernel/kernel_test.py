"""Jupyter's own tests of kernels, for Assay's: only the pager, which it does not have, may be skipped."""

import unittest

import jupyter_kernel_test


class AssayKernelTest(jupyter_kernel_test.KernelTests):
    kernel_name = "assay"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('it is written to the other stream')"
    completion_samples = [
        {"text": "JSON.pa", "matches": {"parse"}},
        {"text": "'text'.toUpper", "matches": {"toUpperCase"}},
    ]
    complete_code_samples = ["2 ** 10", "class A { n = 1 }", "for (const x of [1]) { x }"]
    incomplete_code_samples = ["class A {", "Math.max(1,", "`a template", "/* a comment"]
    invalid_code_samples = ["const = 3", "2 ** ** 3", "if ) {"]
    code_inspect_sample = "JSON.parse"
    code_generate_error = "null!.field"
    code_execute_result = [
        {"code": "2 ** 10", "result": "1024"},
        {"code": "[...'ab']", "result": "[ 'a', 'b' ]"},
        {"code": "await new Promise((done) => setTimeout(() => done('late'), 20))", "result": "'late'"},
    ]
    code_display_data = [
        {"code": "import { display } from 'tslab'; display.html('<i>x</i>')", "mime": "text/html"},
        {"code": "import { display } from 'assay'; display.svg('<svg/>')", "mime": "image/svg+xml"},
    ]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "2 ?? 1*"
    code_clear_output = "import { clearOutput } from 'assay'; clearOutput({ wait: true })"


if __name__ == "__main__":
    unittest.main(verbosity=2)
