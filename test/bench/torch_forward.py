"""PyTorch's time for the forward passes of the workloads that the training script defines, and its peak memory.

usage: torch_forward.py SCRIPT STEPS
"""

import os
import resource
import statistics
import sys
import time

os.environ["TORCH_SETTING"] = "forward"
path, steps = sys.argv[1], int(sys.argv[2])
sys.argv = [path, "1"]
source = open(path).read()
# Everything up to the loop that trains.
exec(compile(source[: source.rindex("for name, (make, batch, rate)")], path, "exec"))

for name, (make, batch, rate) in WORKLOADS.items():  # noqa: F821
    model, x = make(), batch()
    times = []
    with torch.no_grad():  # noqa: F821
        for _ in range(steps + 3):
            began = time.perf_counter()
            model.loss(x).item()
            times.append((time.perf_counter() - began) * 1e3)
    print(f"{name}: {statistics.median(times[3:]):.2f} ms a pass", flush=True)
print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
