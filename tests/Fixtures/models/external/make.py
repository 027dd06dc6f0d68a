"""Writes breast-mlp-base.onnx once more with its weights in a file beside it, as exporters do above 2 GB.

    python3 make.py     (Debian's python3-onnx 1.12)
"""
import os

import onnx

here = os.path.dirname(os.path.abspath(__file__))
model = onnx.load(os.path.join(here, "..", "breast-mlp-base.onnx"))
os.chdir(here)
for name in ("breast-mlp-base.onnx", "breast-mlp-base.weights"):
    if os.path.exists(name):
        os.remove(name)  # the weights' file is appended to otherwise
onnx.save_model(model, "breast-mlp-base.onnx", save_as_external_data=True, all_tensors_to_one_file=True,
                location="breast-mlp-base.weights", size_threshold=0)
