"""Writes loop.onnx: it adds 1 to its input as many times as the input's largest value says, one round of a Loop after the other.

    python3 make.py     (Debian's python3-onnx 1.12)
"""
import os

from onnx import TensorProto, checker, helper, save

FLOAT, INT64, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL
body = helper.make_graph(
    [
        helper.make_node("Identity", ["go"], ["go_on"]),
        helper.make_node("Add", ["sum", "one"], ["next"]),
    ],
    "round",
    [
        helper.make_tensor_value_info("round", INT64, []),
        helper.make_tensor_value_info("go", BOOL, []),
        helper.make_tensor_value_info("sum", FLOAT, ["rows", 1]),
    ],
    [helper.make_tensor_value_info("go_on", BOOL, []), helper.make_tensor_value_info("next", FLOAT, ["rows", 1])],
)
graph = helper.make_graph(
    [
        helper.make_node("ReduceMax", ["features"], ["largest"], keepdims=0),
        helper.make_node("Cast", ["largest"], ["rounds"], to=INT64),
        helper.make_node("Loop", ["rounds", "", "features"], ["answer"], body=body),
    ],
    "loop",
    [helper.make_tensor_value_info("features", FLOAT, ["rows", 1])],
    [helper.make_tensor_value_info("answer", FLOAT, ["rows", 1])],
    [helper.make_tensor("one", FLOAT, [1], [1.0])],
)
model = helper.make_model(graph, producer_name="mlops-action", opset_imports=[helper.make_opsetid("", 15)])
model.ir_version = 8
checker.check_model(model)
save(model, os.path.join(os.path.dirname(os.path.abspath(__file__)), "loop.onnx"))
