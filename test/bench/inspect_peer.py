"""The study of `inspect.bench.ts` in Inspect: python inspect_peer.py <base url> <questions.jsonl> <log folder> <in flight>.

Prints one line of JSON: seconds of the evaluation alone (neither Python's start nor Inspect's import), peak resident memory
in bytes, samples, accuracy.
"""

import json
import resource
import sys
import time

from inspect_ai import Task, eval as evaluate
from inspect_ai.dataset import Sample, json_dataset
from inspect_ai.model import GenerateConfig, get_model
from inspect_ai.scorer import choice
from inspect_ai.solver import multiple_choice

base_url, questions, log_folder, in_flight = sys.argv[1:]


def sample_of(record: dict) -> Sample:
    return Sample(input=record["question"], choices=record["choices"], target=record["answer"])


started = time.perf_counter()
task = Task(dataset=json_dataset(questions, sample_of), solver=multiple_choice(), scorer=choice())
config = GenerateConfig(temperature=0, max_tokens=16, max_connections=int(in_flight))
model = get_model("openai/loopback", base_url=base_url, api_key="sk-loopback", config=config, responses_api=False)
[log] = evaluate(task, model=model, display="none", log_dir=log_folder, max_samples=int(in_flight))
seconds = time.perf_counter() - started
assert log.status == "success", log.error
assert log.results is not None
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
accuracy = log.results.scores[0].metrics["accuracy"].value
print(json.dumps({"seconds": seconds, "peak": peak, "samples": log.results.completed_samples, "accuracy": accuracy}))
