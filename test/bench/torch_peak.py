"""Peak resident memory, in MB, of a process that trains one of the workloads that the training script defines with PyTorch.

usage: torch_peak.py SCRIPT WORKLOAD STEPS
"""

import os
import re
import sys

os.environ["TORCH_SETTING"] = "peak"
path, name, steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
sys.argv = [path, "1"]
source = open(path).read()
# Everything up to the loop that trains all of them.
exec(compile(source[: source.rindex("for name, (make, batch, rate)")], path, "exec"))

make, batch, rate = WORKLOADS[name]  # noqa: F821
model, x = make(), batch()
optimiser = torch.optim.Adam(model.parameters(), rate)  # noqa: F821
for _ in range(steps):
    optimiser.zero_grad()
    loss = model.loss(x)
    loss.backward()
    optimiser.step()
    loss.item()
print(int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read()).group(1)) // 1024)
